;; Never comes to an end, and never calls the host.
(component
  (core module $module
    (func (export "run") (loop $again (br $again))))
  (core instance $instance (instantiate $module))
  (func $run (canon lift (core func $instance "run")))
  (export "run" (func $run)))
