-- uAPI proposals in Neovim 0.7 or newer, with the built-in language client. Copy to ~/.config/nvim/plugin/uapi.lua.
-- Colours come from the syntax file in ../vim (and, from Neovim 0.9 on, from the server too).

local command = { "uapi", "lsp" }

vim.api.nvim_create_autocmd({ "BufRead", "BufNewFile" }, {
  pattern = "*.uapi",
  callback = function()
    vim.bo.filetype = "uapi"
  end,
})

local function keys(buffer)
  local function map(key, action)
    vim.keymap.set("n", key, action, { buffer = buffer })
  end
  map("K", vim.lsp.buf.hover)
  map("gd", vim.lsp.buf.definition)
  map("grr", vim.lsp.buf.references)
  map("grn", vim.lsp.buf.rename)
  map("gra", vim.lsp.buf.code_action)
  map("]d", vim.diagnostic.goto_next)
  map("[d", vim.diagnostic.goto_prev)
  vim.bo[buffer].omnifunc = "v:lua.vim.lsp.omnifunc"
  vim.bo[buffer].formatexpr = "v:lua.vim.lsp.formatexpr()"
end

local clients = {}

local function attach(buffer)
  local file = vim.api.nvim_buf_get_name(buffer)
  local marker = vim.fs and vim.fs.find(".git", { path = vim.fs.dirname(file), upward = true })[1]
  local root = marker and vim.fs.dirname(marker) or vim.fn.fnamemodify(file, ":p:h")
  local config = {
    name = "uapi",
    cmd = command,
    root_dir = root,
    on_attach = function(_, attached)
      keys(attached)
    end,
    on_exit = function()
      clients[root] = nil
    end,
  }
  if vim.lsp.start then
    vim.lsp.start(config)
    return
  end
  -- Neovim 0.7: one client for each folder, shared by its buffers.
  config.workspace_folders = { { uri = vim.uri_from_fname(root), name = root } }
  clients[root] = clients[root] or vim.lsp.start_client(config)
  vim.lsp.buf_attach_client(buffer, clients[root])
end

vim.api.nvim_create_autocmd("FileType", {
  pattern = { "uapi", "markdown" }, -- blocks of Markdown that are fenced as uapi are checked too
  callback = function(event)
    if event.match == "uapi" then
      vim.bo[event.buf].commentstring = "// %s"
    end
    attach(event.buf)
  end,
})
