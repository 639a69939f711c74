;; Wants a memory that cannot be set aside at all.
(component
  (core module $module
    (memory 65536)
    (func (export "run")))
  (core instance $instance (instantiate $module))
  (func $run (canon lift (core func $instance "run")))
  (export "run" (func $run)))
