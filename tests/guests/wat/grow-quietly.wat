;; Takes memory page by page and goes on quietly when it gets no more.
(component
  (core module $module
    (memory 1)
    (func (export "run")
      (loop $again
        (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))))
  (core instance $instance (instantiate $module))
  (func $run (canon lift (core func $instance "run")))
  (export "run" (func $run)))
