" The language server in Vim 8 or newer, with the language client of ALE (Debian: apt install vim-ale). Without ALE, and
" in Neovim, which has a client of its own (../nvim), only the formatting of this file is there.

function! UapiRoot(buffer) abort
  let l:folder = fnamemodify(bufname(a:buffer), ':p:h')
  let l:marker = finddir('.git', l:folder . ';')
  return empty(l:marker) ? l:folder : fnamemodify(l:marker, ':p:h:h')
endfunction

function! UapiSetUp() abort
  " ALE does not ask a server for formatting: gq does it with the command line (all of the file: gggqG).
  setlocal formatprg=uapi\ fmt\ -
  if has('nvim') || !exists(':ALEHover')
    return
  endif
  call ale#linter#Define('uapi', {
  \   'name': 'uapi',
  \   'lsp': 'stdio',
  \   'executable': 'uapi',
  \   'command': '%e lsp',
  \   'language': 'uapi',
  \   'project_root': function('UapiRoot'),
  \})
  setlocal omnifunc=ale#completion#OmniFunc
  nnoremap <buffer> K <Cmd>ALEHover<CR>
  nnoremap <buffer> gd <Cmd>ALEGoToDefinition<CR>
  nnoremap <buffer> grr <Cmd>ALEFindReferences<CR>
  nnoremap <buffer> grn <Cmd>ALERename<CR>
  nnoremap <buffer> gra <Cmd>ALECodeAction<CR>
  nnoremap <buffer> ]d <Cmd>ALENext<CR>
  nnoremap <buffer> [d <Cmd>ALEPrevious<CR>
endfunction

autocmd FileType uapi call UapiSetUp()
