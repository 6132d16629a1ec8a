" uAPI proposals: *.uapi
autocmd BufNewFile,BufRead *.uapi setfiletype uapi
