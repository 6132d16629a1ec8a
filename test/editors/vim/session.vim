" What a person does in Vim with ALE: reads the error, asks for help, takes the fix, types, renames, formats, saves.
" Started by terminal-editors.test.ts with the setup of client/editors/vim; each step is reported as one line.

let s:report = []

function! s:Wait(what, condition) abort
  let l:start = reltime()
  while !a:condition()
    if reltimefloat(reltime(l:start)) > 60
      throw 'waited in vain: ' . a:what
    endif
    sleep 10m
  endwhile
endfunction

function! s:Text() abort
  return join(getline(1, '$'), "\n")
endfunction

function! s:Has(needle) abort
  return stridx(s:Text(), a:needle) >= 0
endfunction

function! s:Problems() abort
  return ale#engine#GetLoclist(bufnr(''))
endfunction

function! s:WaitProblems(count) abort
  call s:Wait(a:count . ' problems', {-> len(s:Problems()) == a:count})
endfunction

" Without a person at the keyboard nothing tells ALE that the text changed.
function! s:Changed() abort
  doautocmd TextChanged
  call ale#Queue(0)
endfunction

function! s:Diagnostics() abort
  if &filetype !=# 'uapi' || synIDattr(synID(1, 1, 1), 'name') !=# 'uapiDeclaration'
    throw 'the file is not known for what it is: ' . &filetype . synIDattr(synID(1, 1, 1), 'name')
  endif
  call s:WaitProblems(1)
  let l:problem = s:Problems()[0]
  if l:problem.text !~# 'group 26 is not bound to an IOASID context yet' || getline(l:problem.lnum) !~# 'VFIO_GROUP_GET_DEVICE_FD'
    throw 'line ' . l:problem.lnum . ' says ' . l:problem.text
  endif
endfunction

function! s:Hover() abort
  call cursor(1, 1)
  call search('VFIO_GROUP_GET_DEVICE_FD')
  let g:ale_hover_to_preview = 1
  ALEHover
  call s:Wait('a hover about the call', {-> match(map(range(1, bufnr('$')), {_, b -> join(getbufline(b, 1, '$'))}), 'EINVAL.*') >= 0})
  pclose
endfunction

function! s:CodeAction() abort
  let s:menu = ''
  call cursor(1, 1)
  call search('VFIO_GROUP_GET_DEVICE_FD')
  ALECodeAction
  call s:Wait('the fix of ' . s:menu, {-> s:Has('VFIO_GROUP_BIND_IOASID_FD(g, ctx)')})
  call s:Changed()
  call s:WaitProblems(0)
endfunction

function! s:Typing() abort
  call cursor(1, 1)
  call search('mmap')
  normal! ofrob(dev0)
  call s:Changed()
  call s:WaitProblems(1)
  normal! dd
  call s:Changed()
  call s:WaitProblems(0)
endfunction

function! s:Rename() abort
  call cursor(1, 1)
  call search('dev0')
  ALERename
  call s:Wait('the new name', {-> !s:Has('dev0') && s:Has('mmap( nic )')})
endfunction

function! s:Format() abort
  normal! gggqG
  if !s:Has('mmap(nic)')
    throw 'not formatted'
  endif
endfunction

" The answers of the person: the first fix of the list, and the new name.
call ale#util#GetMatches([], [])
function! ale#util#Input(message, value, ...) abort
  let s:menu = a:message
  return a:message =~# '^New name' ? 'nic' : '1'
endfunction

function! s:Run() abort
  for [l:name, l:Step] in [['diagnostics', function('s:Diagnostics')], ['hover', function('s:Hover')],
  \ ['code action', function('s:CodeAction')], ['typing', function('s:Typing')], ['rename', function('s:Rename')],
  \ ['format', function('s:Format')]]
    try
      call l:Step()
      call add(s:report, l:name . ': ok')
    catch
      call add(s:report, l:name . ': ' . substitute(v:exception, '\_s\+', ' ', 'g') . ' at ' . v:throwpoint)
      break
    endtry
  endfor
  call writefile(s:report, $UAPI_REPORT)
endfunction

call s:Run()
silent write
qall!
