// Binding: any codec with a prediction filter before it, and the parameters that ask for one.
#pragma once

#include <memory>
#include <vector>

#include "codecs/codec.h"

namespace evalzip {

// `delta`, `predict` and `stride`, to be appended to a codec's own parameters. All are off by
// preset.
std::vector<Parameter> with_filter_parameters(std::vector<Parameter> own);

// `codec` itself if `params` ask for no filter; else a codec that gives it the residuals of
// delta_filter.h in place of the bytes.
std::unique_ptr<Codec> with_filter(std::unique_ptr<Codec> codec, const Params& params);

}  // namespace evalzip
