;; Gives the host a text that lies where and is as long as the test says. The first bytes are no UTF-8.
(component
  (import "chitin:audit/report@0.1.0" (instance $report
    (export "progress" (func (param "done" u32) (param "total" u32) (param "what" string)))))
  (core module $libc
    (memory (export "memory") 1)
    (data (i32.const 0) "\ff\fe\c0\80")
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $libc (instantiate $libc))
  (core func $progress (canon lower (func $report "progress")
    (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core module $module
    (import "host" "progress" (func $progress (param i32 i32 i32 i32)))
    (func (export "run")
      (call $progress (i32.const 0) (i32.const 1) (i32.const POINTER) (i32.const LENGTH))))
  (core instance $instance (instantiate $module
    (with "host" (instance (export "progress" (func $progress))))))
  (func $run (canon lift (core func $instance "run")))
  (export "run" (func $run)))
