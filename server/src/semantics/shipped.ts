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

/** Most starts need no text: the build puts a function in its place, so that V8 does not make it either. */
type Held = string | (() => string);

const files: readonly (readonly [file: string, text: Held, proposals: string])[] = [
  ["core.uapi", core, "core"],
  ["vfio.uapi", vfio, "vfio vfio_kvm"],
  ["group_bind.uapi", group_bind, "group_bind"],
  ["group_bind_join.uapi", group_bind_join, "group_bind_join group_bind_cross_fd"],
  [
    "group_bind_labels.uapi",
    group_bind_labels,
    "group_bind_labels group_bind_all_labelled group_bind_automatic group_bind_label_attach",
  ],
  [
    "ioasid_v1.uapi",
    ioasid_v1,
    "ioasid_v1 ioasid_v1_open_access ioasid_v1_group_access ioasid_v1_block_dma ioasid_v1_unbind_forbidden",
  ],
  [
    "ioasid_v2.uapi",
    ioasid_v2,
    "ioasid_v2 ioasid_v2_several_fds ioasid_v2_singleton_groups ioasid_v2_sub_groups ioasid_v2_parent_frozen",
  ],
  [
    "group_bind_variants.uapi",
    group_bind_variants,
    "group_bind_detach_default group_bind_detach_forbidden group_bind_replace group_bind_lax group_bind_access_after_attach group_bind_unblocked",
  ],
  ["iommufd_objects.uapi", iommufd_objects, "iommufd_objects"],
  ["iommufd.uapi", iommufd, "iommufd"],
  ["iommufd_compat.uapi", iommufd_compat, "iommufd_compat"],
];

const texts = new Map(files.map(([file, text]) => [file, text]));

/** Proposal -> the file that declares it: so only files that are wanted are looked at. A test compares. */
export const shippedFiles: ReadonlyMap<string, string> = new Map(
  files.flatMap(([file, , proposals]) => proposals.split(" ").map((name) => [name, file] as const)),
);

export const isShipped = (file: string): boolean => texts.has(file);

/** By file name. */
export function shippedText(file: string): string | undefined {
  const held = texts.get(file);
  return typeof held === "function" ? held() : held;
}

const allTexts = (): ReadonlyMap<string, string> =>
  new Map([...texts.keys()].map((file) => [file, shippedText(file) ?? ""]));

/** File name -> text, made when it is asked for. */
export const shippedTexts: ReadonlyMap<string, string> = {
  size: texts.size,
  has: isShipped,
  get: shippedText,
  keys: () => texts.keys(),
  values: () => allTexts().values(),
  entries: () => allTexts().entries(),
  forEach: (each) => allTexts().forEach(each),
  [Symbol.iterator]: () => allTexts()[Symbol.iterator](),
};

/** Shipped files are named so in messages; no path on a disk starts like this. */
export const SHIPPED = "<shipped>/";
