// The proposals that come with the tool. Their texts are bundled, so that nothing is read at run time.

import core from "../../proposals/core.uapi";
import group_bind from "../../proposals/group_bind.uapi";
import group_bind_join from "../../proposals/group_bind_join.uapi";
import group_bind_labels from "../../proposals/group_bind_labels.uapi";
import group_bind_variants from "../../proposals/group_bind_variants.uapi";
import ioasid_v1 from "../../proposals/ioasid_v1.uapi";
import ioasid_v2 from "../../proposals/ioasid_v2.uapi";
import iommufd from "../../proposals/iommufd.uapi";
import iommufd_compat from "../../proposals/iommufd_compat.uapi";
import iommufd_objects from "../../proposals/iommufd_objects.uapi";
import vfio from "../../proposals/vfio.uapi";

/** File name -> text. */
export const shippedTexts: ReadonlyMap<string, string> = new Map([
  ["core.uapi", core],
  ["vfio.uapi", vfio],
  ["group_bind.uapi", group_bind],
  ["group_bind_join.uapi", group_bind_join],
  ["group_bind_labels.uapi", group_bind_labels],
  ["ioasid_v1.uapi", ioasid_v1],
  ["ioasid_v2.uapi", ioasid_v2],
  ["group_bind_variants.uapi", group_bind_variants],
  ["iommufd_objects.uapi", iommufd_objects],
  ["iommufd.uapi", iommufd],
  ["iommufd_compat.uapi", iommufd_compat],
]);

/** Shipped files are named so in messages; no path on a disk starts like this. */
export const SHIPPED = "<shipped>/";
