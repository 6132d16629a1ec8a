" Highlighting of .uapi files. The words are those of grammar/uapi.peggy (test/grammar/textmate.test.ts compares). Words
" that mean something in one place only are told by what follows them, so that they stay usable as names.
if exists('b:current_syntax')
  finish
endif

syntax case match
syntax sync minlines=200

" Reserved words, everywhere.
syntax keyword uapiOperator and or not in is
syntax keyword uapiConditional if then else where
syntax keyword uapiNew new
syntax keyword uapiConstant none true false NULL
syntax keyword uapiSpecial caller

" A word in front of a name.
syntax match uapiDeclaration /\v<%(use|topology|scenario|verify|proposal|fd|object|role|rule|hazard|const|effect|type|define|state|fact)>\ze\s+["A-Za-z0-9_]/
syntax match uapiDeclaration /\v<%(device|group|iommu|host|task|remove)>\ze\s+["A-Za-z0-9_]/
syntax match uapiDeclaration /\v<%(ioctl|op)>\ze\s+\h\w*\s*\(/
syntax match uapiDeclaration /\v<%(kernel)>\ze\s+\d/
syntax match uapiModifier /\v<%(abstract|override|weak|error|warning|info|off)>\ze\s+\h/
syntax match uapiModifier /\v<%(exclusive|numbered)>\ze\s*%(\{|$|is>|\/\/)/
syntax match uapiClause /\v<%(extends|behind|driver|with|opens|as|at|on|of)>\ze\s+["A-Za-z0-9_]/
syntax match uapiClause /\v<%(since|until)>\ze\s+\d/
syntax match uapiStatement /\v<%(require|let|for|fail|destroy|close|give|to|assert)>\ze[? \t]+[A-Za-z_("]/
syntax match uapiStatement /\v<%(return)>\ze%(\s+\h|\s*$|\s*\}|\s*;)/
syntax match uapiStatement /\v<%(parallel)>\ze\s*%(\{|$)/
syntax match uapiQuantifier /\v<%(all|any)>\ze\s+\h\w*\s+in>/
syntax match uapiQuantifier /\v<%(count|first|sum)>\ze\s*\(\s*\h\w*\s+in>/
syntax match uapiType /\v<%(enum)>\ze\s*\{/
syntax match uapiType /\v<%(set|struct)>\ze\s+\h/
syntax match uapiClaim /\v<%(breaks|reach|never|limit)>\ze\s+["A-Za-z_(]/
syntax match uapiClaim /\v<%(safe)>\ze\s*%($|[;,}])/
syntax match uapiClaim /\v<%(tasks|depth)>\ze\s+\d/

" Behind a call.
syntax match uapiOutcome /\v[)};"]\s*\zs<%(fails|violates|ok)>/
syntax match uapiOutcome /\v%(<or\s+)@<=%(fails|violates|ok)>/
syntax match uapiErrno /\v<E[A-Z0-9]+>/
syntax match uapiRuleName /\v%(<violates\s+)@<=\h[A-Za-z0-9_.]*/

syntax match uapiField /\v%(\.\s*|-\>)\h\w*/
syntax match uapiCall /\v<\h\w*>\ze\s*\(/ contains=uapiDeclaration,uapiQuantifier
syntax match uapiNumber /\v<0[xX]\x+>|<\d+%(\.\d+)?[KMGTiBuUlL]*>/
syntax region uapiString start=/"/ skip=/\\./ end=/"/ oneline contains=uapiEscape,uapiHole
syntax match uapiEscape /\v\\.|\{\{/ contained
syntax region uapiHole start=/{{\@!/ end=/}/ contained oneline contains=uapiField,uapiNumber

syntax match uapiComment /\v\/\/.*$/ contains=@Spell,uapiTodo
syntax match uapiDoc /\v\/\/\/%(\/)@!.*$/ contains=@Spell,uapiTodo
syntax region uapiComment start=/\/\*/ end=/\*\// contains=@Spell,uapiTodo
syntax keyword uapiTodo contained TODO FIXME XXX

highlight default link uapiOperator Operator
highlight default link uapiConditional Conditional
highlight default link uapiNew Keyword
highlight default link uapiConstant Constant
highlight default link uapiSpecial Identifier
highlight default link uapiDeclaration Keyword
highlight default link uapiModifier StorageClass
highlight default link uapiClause Keyword
highlight default link uapiStatement Statement
highlight default link uapiQuantifier Operator
highlight default link uapiType Type
highlight default link uapiClaim Statement
highlight default link uapiOutcome Exception
highlight default link uapiErrno Constant
highlight default link uapiRuleName Function
highlight default link uapiCall Function
highlight default link uapiNumber Number
highlight default link uapiString String
highlight default link uapiEscape SpecialChar
highlight default link uapiHole Special
highlight default link uapiComment Comment
highlight default link uapiDoc SpecialComment
highlight default link uapiTodo Todo

let b:current_syntax = 'uapi'
