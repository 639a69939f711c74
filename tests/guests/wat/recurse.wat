;; Calls itself without end.
(component
  (core module $module
    (func $deeper (export "run") (call $deeper)))
  (core instance $instance (instantiate $module))
  (func $run (canon lift (core func $instance "run")))
  (export "run" (func $run)))
