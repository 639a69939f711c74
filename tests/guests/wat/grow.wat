;; Asks for all the memory that there can be, at once, and traps when it does not get it.
(component
  (core module $module
    (memory 1)
    (func (export "run")
      (if (i32.eq (memory.grow (i32.const 65535)) (i32.const -1)) (then unreachable))))
  (core instance $instance (instantiate $module))
  (func $run (canon lift (core func $instance "run")))
  (export "run" (func $run)))
