;;; session.el --- What a person does in Emacs  -*- lexical-binding: t; -*-
;; Reads the error, asks for help, takes the fix, types, renames, formats, saves; with the mode of client/editors/emacs
;; and eglot. Started by terminal-editors.test.ts; each step is reported as one line.
;; In batch mode no idle timer runs, so what eglot and flymake do when Emacs is idle is asked for while waiting.

;;; Code:

(setq package-directory-list '("/usr/share/emacs/site-lisp/elpa"))
(package-initialize)
(require 'eglot)
(require 'flymake)
(require 'uapi-mode)

(setq eglot-sync-connect 60
      eglot-confirm-server-initiated-edits nil
      eglot-extend-to-xref nil
      make-backup-files nil
      last-nonmenu-event ?x) ; otherwise eglot looks for a mouse

(defun session-wait (what condition)
  "Wait until CONDITION returns something; WHAT is said in vain."
  (let ((end (+ (float-time) 60)) found)
    (while (not (setq found (funcall condition)))
      (when (> (float-time) end) (error "Waited in vain: %s" what))
      (when (bound-and-true-p eglot--managed-mode) (eglot--signal-textDocument/didChange))
      (accept-process-output nil 0.01))
    found))

(defun session-problems ()
  "All diagnostics of the buffer, as flymake shows them now."
  (flymake-start)
  (flymake-diagnostics))

(defun session-wait-problems (count)
  "Wait until the buffer has COUNT problems."
  (session-wait (format "%d problems" count) (lambda () (= (length (session-problems)) count))))

(defun session-go (needle)
  "Go to the first NEEDLE."
  (goto-char (point-min))
  (search-forward needle)
  (goto-char (match-beginning 0)))

(defun session-has (needle)
  "Whether NEEDLE stands in the buffer."
  (save-excursion (goto-char (point-min)) (search-forward needle nil t)))

(defconst session-steps
  `(("diagnostics"
     . ,(lambda ()
          (session-wait-problems 1)
          (let ((problem (car (session-problems))))
            (unless (string-match-p "group 26 is not bound to an IOASID context yet" (flymake-diagnostic-text problem))
              (error "It says %s" (flymake-diagnostic-text problem)))
            (goto-char (flymake-diagnostic-beg problem))
            (unless (looking-at-p "VFIO_GROUP_GET_DEVICE_FD") (error "It is at %d" (point))))))
    ("hover"
     . ,(lambda ()
          (session-go "VFIO_GROUP_GET_DEVICE_FD")
          (let (shown)
            (eglot-hover-eldoc-function (lambda (text &rest _) (setq shown text)))
            (session-wait "a hover about the call" (lambda () (and shown (string-match-p "EINVAL" shown)))))))
    ("code action"
     . ,(lambda ()
          (session-go "VFIO_GROUP_GET_DEVICE_FD")
          (cl-letf (((symbol-function 'completing-read)
                     (lambda (_ choices &rest _) (caar choices))))
            (call-interactively #'eglot-code-actions))
          (session-wait "the fix" (lambda () (session-has "VFIO_GROUP_BIND_IOASID_FD(g, ctx)")))
          (session-wait-problems 0)))
    ("typing"
     . ,(lambda ()
          (session-go "  mmap")
          (insert "  frob(dev0)\n")
          (session-wait-problems 1)
          (forward-line -1)
          (delete-region (point) (line-beginning-position 2))
          (session-wait-problems 0)))
    ("rename"
     . ,(lambda ()
          (session-go "dev0")
          (eglot-rename "nic")
          (session-wait "the new name" (lambda () (and (not (session-has "dev0")) (session-has "mmap( nic )"))))))
    ("format"
     . ,(lambda ()
          (eglot-format-buffer)
          (session-wait "the format" (lambda () (session-has "mmap(nic)")))))))

(defun session-run (file report)
  "Do every step in FILE, writing what came of it to REPORT."
  (find-file file)
  (let ((lines "") (going t))
    (condition-case problem
        (call-interactively #'eglot)
      (error (setq going nil lines (format "start: %s\n" (error-message-string problem)))))
    (dolist (step session-steps)
      (when going
        (let ((result (condition-case problem
                          (progn (funcall (cdr step)) "ok")
                        (error (error-message-string problem)))))
          (setq lines (concat lines (car step) ": " (replace-regexp-in-string "[ \n\t]+" " " result) "\n"))
          (setq going (equal result "ok")))))
    (write-region lines nil report nil 'silent)
    (unless going
      (dolist (buffer (buffer-list))
        (when (string-match-p "EGLOT" (buffer-name buffer))
          (message "%s\n%s" buffer (with-current-buffer buffer (buffer-string)))))))
  (save-buffer)
  (eglot-shutdown-all))

(session-run (getenv "UAPI_FILE") (getenv "UAPI_REPORT"))
(kill-emacs 0)
;;; session.el ends here
