;; Does its work while it is being set up, where nobody has called it yet.
(component
  (core module $module
    (func $spin (loop $again (br $again)))
    (start $spin)
    (func (export "run")))
  (core instance $instance (instantiate $module))
  (func $run (canon lift (core func $instance "run")))
  (export "run" (func $run)))
