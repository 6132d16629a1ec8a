;;; uapi-mode.el --- uAPI proposals in Emacs, with eglot  -*- lexical-binding: t; -*-

;; Put this file into a folder of `load-path' and (require 'uapi-mode) into the init file. Needs eglot (part of Emacs
;; since 29; before, the package eglot), and `uapi' in PATH. Then M-x eglot, or the hook at the end of this file.

;;; Code:

(defvar uapi-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?/ ". 124b" table)
    (modify-syntax-entry ?* ". 23" table)
    (modify-syntax-entry ?\n "> b" table)
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?\" "\"" table)
    table))

(defconst uapi-mode-reserved
  '("and" "caller" "else" "if" "in" "is" "new" "not" "or" "then" "where")
  "Words of the language that no name can be.")

(defconst uapi-mode-words
  '("abstract" "all" "any" "as" "assert" "at" "behind" "breaks" "close" "const" "count" "define" "depth"
    "destroy" "device" "driver" "effect" "enum" "error" "exclusive" "extends" "fact" "fail" "fails" "fd"
    "first" "for" "give" "group" "hazard" "host" "info" "ioctl" "iommu" "kernel" "let" "limit" "never"
    "numbered" "object" "of" "off" "ok" "on" "op" "opens" "override" "parallel" "proposal" "reach" "remove"
    "require" "return" "role" "rule" "safe" "scenario" "set" "since" "state" "struct" "sum" "task" "tasks" "to"
    "topology" "type" "until" "use" "verify" "violates" "warning" "weak" "with")
  "Words that may also be names; what follows tells.")

(defconst uapi-mode-last-words
  '("enum" "exclusive" "fails" "numbered" "ok" "parallel" "require" "return" "safe" "scenario")
  "Those of them that may be the last of a line.")

(defconst uapi-mode-constants '("true" "false" "none" "NULL"))

(defun uapi-mode-next-word (limit)
  "Find the next word of the language, up to LIMIT, that is no name there."
  (let ((any (regexp-opt uapi-mode-words 'symbols))
        (last (regexp-opt uapi-mode-last-words 'symbols))
        found)
    (while (and (not found) (re-search-forward any limit t))
      (setq found
            (or (and (looking-at-p "[ \t]+[\"A-Za-z0-9_({]")
                     (not (looking-at-p "[ \t]+\\(?:and\\|or\\|in\\|is\\|not\\|where\\|else\\|then\\)\\_>")))
                (and (save-match-data (string-match-p last (match-string 0)))
                     (looking-at-p "[ \t]*\\(?:$\\|[;}?]\\|//\\)")))))
    found))

(defvar uapi-mode-font-lock-keywords
  `(("///.*$" 0 font-lock-doc-face t)
    (,(regexp-opt uapi-mode-reserved 'symbols) . font-lock-keyword-face)
    (uapi-mode-next-word . font-lock-keyword-face)
    (,(regexp-opt uapi-mode-constants 'symbols) . font-lock-constant-face)
    ("\\_<E[A-Z0-9]\\{3,\\}\\_>" . font-lock-constant-face)
    ("\\_<[A-Z][A-Z0-9_]*_[A-Z0-9_]+\\_>" . font-lock-function-name-face)
    ("\\_<[0-9][0-9A-Za-z]*\\_>" . font-lock-constant-face)
    ("^[ \t]*\\(?:int[ \t]+\\)?\\([A-Za-z_][A-Za-z0-9_]*\\)[ \t]*=[^=]" 1 font-lock-variable-name-face)))

;;;###autoload
(define-derived-mode uapi-mode prog-mode "uAPI"
  "Mode for proposals of kernel uAPIs."
  (setq-local comment-start "// ")
  (setq-local comment-end "")
  (setq-local indent-tabs-mode nil)
  (setq-local tab-width 2)
  (setq-local font-lock-defaults '(uapi-mode-font-lock-keywords)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.uapi\\'" . uapi-mode))

(defvar eglot-server-programs)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(uapi-mode . ("uapi" "lsp"))))

;; To have the server started with every such file:
;;   (add-hook 'uapi-mode-hook #'eglot-ensure)

(provide 'uapi-mode)
;;; uapi-mode.el ends here
