" How .uapi files are written: two columns for a level, // for comments, /// for documentation.
if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal expandtab shiftwidth=2 softtabstop=2 textwidth=120
setlocal comments=b:///,b:// commentstring=//\ %s formatoptions-=t formatoptions+=croqj
setlocal smartindent

let b:undo_ftplugin = 'setlocal expandtab< shiftwidth< softtabstop< textwidth< comments< commentstring< formatoptions< smartindent<'
