;; Gives the host a text at the place and of the length that the test says. The first bytes are not UTF-8.
(component
  (import "chitin:audit/report@0.1.0" (instance $report
    (export "skipped" (func (param "rule" string) (param "reason" string)))))
  (core module $libc
    (memory (export "memory") 1)
    (data (i32.const 0) "\ff\fe\c0\80")
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $libc (instantiate $libc))
  (core func $skipped (canon lower (func $report "skipped")
    (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core module $module
    (import "host" "skipped" (func $skipped (param i32 i32 i32 i32)))
    (func (export "run")
      (call $skipped (i32.const 8) (i32.const 0) (i32.const POINTER) (i32.const LENGTH))))
  (core instance $instance (instantiate $module
    (with "host" (instance (export "skipped" (func $skipped))))))
  (func $run (canon lift (core func $instance "run")))
  (export "run" (func $run)))
