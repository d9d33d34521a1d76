// Whoever ends a whole group of processes, as batch systems and terminals do, reaches them one
// after another: a child may be gone before its parent knows why.
#pragma once

#include <functional>

namespace evalzip {

// Whether `interrupted()` says so now or within a moment. For a failure that a signal from outside
// may have caused: it is then no outcome of the codec. If the signal is one that nobody survives,
// this process does not live to the end of the moment.
bool interrupted_soon(const std::function<bool()>& interrupted);

// The signals that batch systems and terminals send.
bool comes_from_outside(int signal);

}  // namespace evalzip
