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

(defconst uapi-mode-keywords
  '("abstract" "all" "and" "any" "as" "assert" "at" "behind" "breaks" "caller" "close" "const" "count" "define"
    "depth" "destroy" "device" "driver" "effect" "else" "enum" "error" "exclusive" "extends" "fact" "fail" "fails"
    "fd" "first" "for" "give" "group" "hazard" "host" "if" "in" "info" "ioctl" "iommu" "is" "kernel" "let" "limit"
    "live" "never" "new" "not" "numbered" "object" "of" "off" "ok" "on" "op" "opens" "or" "override" "parallel"
    "proposal" "reach" "remove" "require" "return" "role" "rule" "safe" "scenario" "set" "since" "state" "struct"
    "sum" "task" "tasks" "then" "to" "topology" "type" "until" "use" "verify" "violates" "warning" "weak" "where"
    "with")
  "Words of the language.")

(defconst uapi-mode-constants '("true" "false" "none" "NULL"))

(defvar uapi-mode-font-lock-keywords
  `(("///.*$" 0 font-lock-doc-face t)
    (,(regexp-opt uapi-mode-keywords 'symbols) . font-lock-keyword-face)
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
