// Binding this process to one CPU.
#pragma once

namespace evalzip {

// Returns false where the platform cannot, or has no such CPU for us.
bool pin_to_cpu(unsigned cpu);

// Whether this process may run on that CPU; always false where it cannot be told.
bool is_usable_cpu(unsigned cpu);

// CPUs that this process may run on; at least 1.
unsigned usable_cpus();

}  // namespace evalzip
