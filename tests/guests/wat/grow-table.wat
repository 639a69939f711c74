;; Takes up memory by a table.
(component
  (core module $module
    (table 1 funcref)
    (func (export "run")
      (loop $again
        (br_if $again
          (i32.ne (table.grow (ref.null func) (i32.const 10000)) (i32.const -1))))
      unreachable))
  (core instance $instance (instantiate $module))
  (func $run (canon lift (core func $instance "run")))
  (export "run" (func $run)))
