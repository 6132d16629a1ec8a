" uAPI proposals in Vim 8 or newer, with the language client of ALE (Debian: apt install vim-ale).
" Copy to ~/.vim/plugin/uapi.vim; the colours come from syntax/ and ftdetect/ beside this file.

autocmd BufRead,BufNewFile *.uapi setfiletype uapi

function! UapiRoot(buffer) abort
  let l:marker = finddir('.git', fnamemodify(bufname(a:buffer), ':p:h') . ';')
  return empty(l:marker) ? fnamemodify(bufname(a:buffer), ':p:h') : fnamemodify(l:marker, ':p:h:h')
endfunction

function! UapiSetUp() abort
  call ale#linter#Define('uapi', {
  \   'name': 'uapi',
  \   'lsp': 'stdio',
  \   'executable': 'uapi',
  \   'command': '%e lsp',
  \   'language': 'uapi',
  \   'project_root': function('UapiRoot'),
  \})
  setlocal commentstring=//\ %s omnifunc=ale#completion#OmniFunc
  " ALE does not ask a server for formatting: gq does it with the command line (all of the file: gggqG).
  setlocal formatprg=uapi\ fmt\ -
  nnoremap <buffer> K <Cmd>ALEHover<CR>
  nnoremap <buffer> gd <Cmd>ALEGoToDefinition<CR>
  nnoremap <buffer> grr <Cmd>ALEFindReferences<CR>
  nnoremap <buffer> grn <Cmd>ALERename<CR>
  nnoremap <buffer> gra <Cmd>ALECodeAction<CR>
endfunction

autocmd FileType uapi call UapiSetUp()
