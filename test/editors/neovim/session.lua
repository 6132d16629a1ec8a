-- What a person does in Neovim: reads the error, asks for help, takes the fix, types, renames, formats, saves.
-- Started by terminal-editors.test.ts with the setup of client/editors/nvim; each step is reported as one line.

local report = assert(io.open(vim.env.UAPI_REPORT, "w"))

local function wait(what, condition)
  if not vim.wait(60000, condition, 10) then
    error("waited in vain: " .. what, 0)
  end
end

local function lines()
  return vim.api.nvim_buf_get_lines(0, 0, -1, true)
end

local function text()
  return table.concat(lines(), "\n")
end

local function go(pattern)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  assert(vim.fn.search(pattern, "cW") > 0, "no " .. pattern .. " in the text")
end

local function has(needle)
  return function()
    return text():find(needle, 1, true) ~= nil
  end
end

local function problems(count)
  return function()
    return #vim.diagnostic.get(0) == count
  end
end

local function float()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= "" then
      return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, true), "\n")
    end
  end
  return ""
end

local steps = {
  {
    "diagnostics",
    function()
      wait("one problem", problems(1))
      local found = vim.diagnostic.get(0)[1]
      assert(found.message:find("group 26 is not bound to an IOASID context yet", 1, true), found.message)
      assert(found.severity == vim.diagnostic.severity.ERROR, "no error")
      assert(lines()[found.lnum + 1]:find("VFIO_GROUP_GET_DEVICE_FD", 1, true), "at line " .. found.lnum + 1)
    end,
  },
  {
    "hover",
    function()
      go("VFIO_GROUP_GET_DEVICE_FD")
      vim.lsp.buf.hover()
      wait("a hover about the call", function()
        return float():find("EINVAL", 1, true) ~= nil
      end)
      vim.cmd("normal! j")
    end,
  },
  {
    "code action",
    function()
      local titles = {}
      vim.ui.select = function(actions, options, choose)
        for index, action in ipairs(actions) do
          titles[index] = options.format_item(action)
        end
        choose(actions[1], 1)
      end
      go("VFIO_GROUP_GET_DEVICE_FD")
      vim.lsp.buf.code_action()
      wait("the fix of " .. vim.inspect(titles), has("VFIO_GROUP_BIND_IOASID_FD(g, ctx)"))
      wait("no problem any more", problems(0))
    end,
  },
  {
    "typing",
    function()
      go("mmap")
      vim.cmd("normal! ofrob(dev0)")
      wait("a problem with what is typed", problems(1))
      vim.cmd("normal! dd")
      wait("no problem any more", problems(0))
    end,
  },
  {
    "rename",
    function()
      go("dev0")
      vim.lsp.buf.rename("nic")
      wait("the new name", function()
        return not has("dev0")() and has("mmap( nic )")()
      end)
    end,
  },
  {
    "format",
    function()
      if vim.lsp.buf.format then
        vim.lsp.buf.format({ async = false, timeout_ms = 60000 })
      else
        vim.lsp.buf.formatting_sync(nil, 60000)
      end
      wait("the format", has("mmap(nic)"))
    end,
  },
}

for _, step in ipairs(steps) do
  local done, why = pcall(step[2])
  report:write(step[1], ": ", done and "ok" or tostring(why):gsub("%s+", " "), "\n")
  report:flush()
  if not done then
    break
  end
end
report:close()
vim.cmd("silent write")
vim.cmd("qall!")
