;; Wants more memory than is allowed before its first instruction.
(component
  (core module $module
    (memory 2048)
    (func (export "run")))
  (core instance $instance (instantiate $module))
  (func $run (canon lift (core func $instance "run")))
  (export "run" (func $run)))
