// Files of weights: what is in them, and .evt files, which give them back byte for byte or not at
// all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

#include "codecs/little_endian.h"
#include "codecs/llm/model_error.h"
#include "codecs/llm/tensor_types.h"
#include "codecs/tensors/number_difference.h"
#include "container/container_error.h"
#include "weights/evt_pack.h"
#include "weights/evt_unpack.h"

namespace evalzip {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Tensor {
  std::string name, type, shape;
  std::vector<std::byte> bytes;
};

std::vector<std::byte> safetensors(const std::vector<Tensor>& tensors) {
  std::string header = "{";
  std::size_t at = 0;
  for (const Tensor& one : tensors) {
    header += (at == 0 && header.size() == 1 ? "\"" : ",\"") + one.name + R"(":{"dtype":")" +
              one.type + R"(","shape":[)" + one.shape + R"(],"data_offsets":[)" +
              std::to_string(at) + "," + std::to_string(at + one.bytes.size()) + "]}";
    at += one.bytes.size();
  }
  header += "}";
  std::vector<std::byte> file;
  append_little_endian(file, std::uint64_t{header.size()});
  for (const char letter : header) file.push_back(static_cast<std::byte>(letter));
  for (const Tensor& one : tensors) file.insert(file.end(), one.bytes.begin(), one.bytes.end());
  return file;
}

std::vector<std::byte> bells(std::size_t count, unsigned seed, float scale = 0.02F) {
  std::mt19937 random(seed);
  std::normal_distribution<float> bell;
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i < count; ++i) {
    append_little_endian(bytes, static_cast<std::uint16_t>(
                                    std::bit_cast<std::uint32_t>(scale * bell(random)) >> 16));
  }
  return bytes;
}

std::vector<std::byte> noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::byte> bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

RandomAccess access(const std::vector<std::byte>& bytes) {
  return {.size = bytes.size(), .read = [&bytes](std::uint64_t at, MutableBytes buffer) {
            ASSERT_LE(at + buffer.size(), bytes.size());
            if (!buffer.empty()) std::memcpy(buffer.data(), bytes.data() + at, buffer.size());
          }};
}

ByteSink sink_of(std::vector<std::byte>& bytes) {
  return [&bytes](Bytes more) { bytes.insert(bytes.end(), more.begin(), more.end()); };
}

WeightsFile weights_of(const std::vector<std::byte>& file, const std::string& name = "w") {
  return {.bytes = access(file), .index = read_tensor_index(file, name), .name = name};
}

std::vector<std::byte> packed(const std::vector<std::byte>& file, unsigned threads = 1,
                              const WeightsFile* base = nullptr) {
  std::vector<std::byte> container;
  pack_weights(weights_of(file), {.threads = threads, .base = base}, sink_of(container));
  return container;
}

std::vector<std::byte> unpacked(const std::vector<std::byte>& container, unsigned threads = 1,
                                const WeightsFile* base = nullptr) {
  std::vector<std::byte> file;
  const RandomAccess bytes = access(container);
  unpack_weights(bytes, read_evt_index(bytes), {.threads = threads, .base = base}, sink_of(file));
  return file;
}

std::vector<std::byte> model() {
  return safetensors({{"big", "BF16", "512,300", bells(512 * 300, 1)},
                      {"nothing", "F32", "3,0", {}},
                      {"one", "F64", "", noise(8, 2)},
                      {"bits", "F16", "700", noise(1400, 3)},
                      {"twin", "BF16", "300,512", bells(512 * 300, 1)},
                      {"eight", "F8_E4M3", "10,10", noise(100, 4)},
                      {"whole", "I64", "5", std::vector<std::byte>(40)},
                      {"to come", "F4", "4", noise(2, 5)}});
}

TEST(Evt, GivesBackTheFileByteForByteForAnyNumberOfThreads) {
  const auto file = model();
  const auto container = packed(file);
  EXPECT_EQ(unpacked(container), file);
  EXPECT_EQ(packed(file, 4), container);
  EXPECT_EQ(unpacked(container, 4), file);
  EXPECT_EQ(unpacked(packed(safetensors({}))), safetensors({}));
}

TEST(Evt, StoresTensorsOfTheSameBytesOnce) {
  const auto container = packed(model());
  EXPECT_LT(container.size(), 0.70 * 2 * 512 * 300 + 4000);
  const EvtIndex index = read_evt_index(access(container));
  EXPECT_EQ(&index.segments[index.find("twin")->same_as.value()], index.find("big"));
}

TEST(Evt, GetsOneTensorWithoutTheOthers) {
  const auto container = packed(model());
  const EvtIndex index = read_evt_index(access(container));
  EXPECT_EQ(index.find(""), nullptr);
  EXPECT_EQ(index.find("none"), nullptr);
  std::uint64_t read = 0;
  const RandomAccess counting{.size = container.size(),
                              .read = [&](std::uint64_t at, MutableBytes buffer) {
                                read += buffer.size();
                                std::memcpy(buffer.data(), container.data() + at, buffer.size());
                              }};
  std::vector<std::byte> bits;
  unpack_segment(counting, index, *index.find("bits"), {}, sink_of(bits));
  EXPECT_EQ(bits, noise(1400, 3));
  EXPECT_LT(read, 1500U);
  std::vector<std::byte> twin;
  unpack_segment(access(container), index, *index.find("twin"), {}, sink_of(twin));
  EXPECT_EQ(twin, bells(512 * 300, 1));
}

TEST(Evt, StoresAFineTunedModelAsItsDifference) {
  std::mt19937 random(9);
  auto tuned_numbers = bells(512 * 300, 1);
  for (std::size_t i = 0; i < tuned_numbers.size(); i += 2) {
    if (random() % 8 == 0) tuned_numbers[i] ^= static_cast<std::byte>(random() % 4);
  }
  const auto base = model();
  const auto tuned = safetensors(
      {{"big", "BF16", "512,300", tuned_numbers}, {"new", "BF16", "100", bells(100, 8)}});
  const WeightsFile from = weights_of(base, "base.safetensors");
  const auto container = packed(tuned, 2, &from);
  EXPECT_LT(container.size(), packed(tuned).size() / 4);
  EXPECT_EQ(unpacked(container, 2, &from), tuned);
  const EvtIndex index = read_evt_index(access(container));
  EXPECT_TRUE(is_base(from.bytes, index));
  EXPECT_FALSE(is_base(access(tuned), index));
  EXPECT_THROW(unpacked(container), ContainerError);
  const auto stranger = safetensors({{"other", "BF16", "2", bells(2, 1)}});
  EXPECT_THROW(packed(stranger, 1, &from), ContainerError);
}

TEST(WeightDifference, EveryPairOfEightBitNumbersAndOddFloatsComeBack) {
  for (const char* name : {"i8", "f8_e4m3", "f16", "bf16", "f32", "f64", "i16", "i64"}) {
    const NumberFormat& numbers = number_formats()[number_format_called(name).value()];
    ASSERT_TRUE(has_differences(numbers));
    auto values = noise(8 * 4096, 1), base = noise(8 * 4096, 2);
    // 0 beside -0, and the ends of the range.
    for (std::size_t i = 0; i < 64; ++i) {
      values[i] = i % 16 < 8 ? std::byte{0} : std::byte{0xff};
      base[i] = i % 8 == 7 ? std::byte{0x80} : std::byte{0};
    }
    std::vector<std::byte> differences(values.size()), back(values.size());
    take_differences(numbers, values, base, differences);
    add_differences(numbers, differences, base, back);
    EXPECT_EQ(back, values) << name;
  }
}

std::string refusal_of_container(const std::vector<std::byte>& container) {
  try {
    unpacked(container);
  } catch (const ContainerError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Evt, RefusesEveryFlippedByteAndEveryTruncation) {
  const auto whole = packed(
      safetensors({{"a", "BF16", "20,50", bells(1000, 1)}, {"b", "F32", "200", noise(800, 2)}}));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto damaged = whole;
    damaged[at] ^= static_cast<std::byte>(1 + at % 255);
    ASSERT_NE(refusal_of_container(damaged), "accepted") << "byte " << at;
    damaged.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(at));
    ASSERT_NE(refusal_of_container(damaged), "accepted") << at << " bytes";
  }
  auto longer = whole;
  longer.push_back(std::byte{0});
  EXPECT_NE(refusal_of_container(longer), "accepted");
}

TEST(Evt, NamesTheTensorThatIsDamaged) {
  auto container = packed(
      safetensors({{"a", "BF16", "1000", bells(1000, 1)}, {"b", "F32", "200", noise(800, 2)}}));
  const EvtIndex index = read_evt_index(access(container));
  container[index.find("b")->offset + 30] ^= std::byte{1};
  EXPECT_THAT(refusal_of_container(container), HasSubstr("the tensor b"));
}

// Indexes that lie, with checksums that are right.
TEST(Evt, RefusesAnIndexThatContradictsItself) {
  const auto file =
      safetensors({{"a", "BF16", "10,50", bells(500, 1)}, {"b", "I8", "9", noise(9, 2)}});
  const EvtIndex right = read_evt_index(access(packed(file)));
  const auto refusal_after = [&](auto change) {
    EvtIndex index = right;
    change(index);
    auto container = packed(file);
    container.resize(index.segments.back().offset + 64);
    const auto end = write_evt_index(index, container.size());
    container.insert(container.end(), end.begin(), end.end());
    return refusal_of_container(container);
  };
  EXPECT_EQ(refusal_after([](EvtIndex&) {}), "accepted");
  EXPECT_NE(refusal_after([](EvtIndex& i) { i.size += 1; }), "accepted");
  EXPECT_NE(refusal_after([](EvtIndex& i) { i.segments[1].size = ~std::uint64_t{0}; }), "accepted");
  EXPECT_NE(refusal_after([](EvtIndex& i) { i.segments[1].offset = ~std::uint64_t{0}; }),
            "accepted");
  EXPECT_NE(refusal_after([](EvtIndex& i) { i.segments[1].offset = 3; }), "accepted");
  EXPECT_NE(refusal_after([](EvtIndex& i) { i.segments[1].chunks[0].bytes = 0xffffffff; }),
            "accepted");
  EXPECT_NE(refusal_after([](EvtIndex& i) { i.segments[1].same_as = 1; }), "accepted");
  EXPECT_NE(refusal_after([](EvtIndex& i) { i.segments[1].same_as = 77; }), "accepted");
  EXPECT_NE(refusal_after([](EvtIndex& i) { i.segments[1].layout.format = 200; }), "accepted");
  EXPECT_NE(refusal_after([](EvtIndex& i) { i.segments.pop_back(); }), "accepted");
  EXPECT_NE(refusal_after([](EvtIndex& i) { i.segments[1].hash[3] ^= std::byte{1}; }), "accepted");
  EXPECT_NE(refusal_after([](EvtIndex& i) { i.hash[3] ^= std::byte{1}; }), "accepted");
}

std::string refusal_of_file(const std::vector<std::byte>& file) {
  try {
    read_tensor_index(file, "model");
  } catch (const ModelError& error) {
    return error.what();
  }
  return "accepted";
}

// Blocks stand in two tables: as they are dequantised, and as they are packed.
TEST(TensorIndexTest, EveryTypeOfModelFilesHasANumberFormatOfItsSize) {
  for (const TensorFormat& format : tensor_formats()) {
    std::string name(format.name);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto number = number_format_called(name);
    ASSERT_TRUE(number) << name;
    EXPECT_EQ(number_formats()[*number].block_bytes, format.block_bytes) << name;
    EXPECT_EQ(number_formats()[*number].block_numbers, format.block_elements) << name;
  }
}

TEST(TensorIndexTest, RefusesShapesThatContradictSizesAndNamesTheTensor) {
  EXPECT_THAT(refusal_of_file(safetensors({{"a", "BF16", "3", noise(4, 1)}})),
              HasSubstr("the tensor a"));
  EXPECT_THAT(refusal_of_file(safetensors({{"a", "F32", "-1", noise(4, 1)}})),
              HasSubstr("tensor a"));
  EXPECT_THAT(refusal_of_file(safetensors({{"a", "F32", "4611686018427387904,4", noise(16, 1)}})),
              HasSubstr("the tensor a"));
  EXPECT_THAT(refusal_of_file(noise(300, 1)), HasSubstr("no file of weights"));
  EXPECT_THAT(refusal_of_file({}), HasSubstr("no file of weights"));
}

std::vector<std::byte> npy(const std::string& dictionary, std::size_t bytes) {
  std::vector<std::byte> file;
  const std::string head = "\x93NUMPY\x01";
  for (const char letter : head) file.push_back(static_cast<std::byte>(letter));
  file.push_back(std::byte{0});
  append_little_endian(file, static_cast<std::uint16_t>(dictionary.size()));
  for (const char letter : dictionary) file.push_back(static_cast<std::byte>(letter));
  const auto numbers = noise(bytes, 1);
  file.insert(file.end(), numbers.begin(), numbers.end());
  return file;
}

TEST(TensorIndexTest, ReadsAnArrayOfNumPy) {
  const auto file = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", 24);
  const TensorIndex index = read_tensor_index(file, "folder/array.npy");
  ASSERT_EQ(index.tensors.size(), 1U);
  EXPECT_EQ(index.tensors[0].name, "array");
  EXPECT_THAT(index.tensors[0].shape, ElementsAre(2, 3));
  EXPECT_EQ(index.tensors[0].layout.columns, 3U);
  EXPECT_EQ(index.tensors[0].size, 24U);
  EXPECT_EQ(unpacked(packed(file)), file);
  EXPECT_EQ(refusal_of_file(npy("{'descr': '<i8', 'fortran_order': True, 'shape': (), }", 8)),
            "accepted");
}

TEST(TensorIndexTest, RefusesArraysOfNumPyThatCannotBe) {
  const auto refused = [](const std::string& dictionary, std::size_t bytes = 24) {
    const std::string said = refusal_of_file(npy(dictionary, bytes));
    EXPECT_NE(said, "accepted") << dictionary;
  };
  refused("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 23);
  refused("{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }");
  refused("{'descr': '|O', 'fortran_order': False, 'shape': (2, 3), }");
  refused("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 3), }");
  refused("{'descr': '<f4', 'fortran_order': False, 'shape': (2, -3), }");
  refused("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3");
  refused("{'descr': '<f4', 'shape': (2, 3), }");
  refused("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", 0);
  refused("");
  const auto whole = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 24);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<std::byte> part(whole.begin(),
                                      whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_NE(refusal_of_file(part), "accepted") << size;
  }
}

// A ZIP archive as numpy.savez writes it, its sizes in 64 bits in the local headers.
std::vector<std::byte> zip(
    const std::vector<std::pair<std::string, std::vector<std::byte>>>& members,
    std::uint16_t method = 0) {
  std::vector<std::byte> file, directory;
  const auto put = [](std::vector<std::byte>& out, auto... numbers) {
    (append_little_endian(out, numbers), ...);
  };
  using U16 = std::uint16_t;
  using U32 = std::uint32_t;
  for (const auto& [name, data] : members) {
    const auto offset = static_cast<U32>(file.size()), size = static_cast<U32>(data.size());
    const auto length = static_cast<U16>(name.size());
    put(file, U32{0x04034b50}, U16{45}, U16{0}, method, U32{0}, U32{0}, ~U32{0}, ~U32{0}, length,
        U16{20});
    put(directory, U32{0x02014b50}, U16{45}, U16{45}, U16{0}, method, U32{0}, U32{0}, size, size,
        length, U16{0}, U16{0}, U16{0}, U16{0}, U32{0}, offset);
    for (auto* out : {&file, &directory}) {
      for (const char letter : name) out->push_back(static_cast<std::byte>(letter));
    }
    put(file, U16{1}, U16{16}, std::uint64_t{size}, std::uint64_t{size});
    file.insert(file.end(), data.begin(), data.end());
  }
  const auto offset = static_cast<U32>(file.size()), size = static_cast<U32>(directory.size());
  const auto count = static_cast<U16>(members.size());
  file.insert(file.end(), directory.begin(), directory.end());
  put(file, U32{0x06054b50}, U16{0}, U16{0}, count, count, size, offset, U16{0});
  return file;
}

TEST(TensorIndexTest, ReadsTheArraysOfAnArchiveOfNumPy) {
  const auto one = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", 24);
  const auto two = npy("{'descr': '|i1', 'fortran_order': False, 'shape': (5,), }\n", 5);
  const auto file = zip({{"one.npy", one}, {"two.npy", two}});
  const TensorIndex index = read_tensor_index(file, "w.npz");
  ASSERT_EQ(index.tensors.size(), 2U);
  EXPECT_EQ(index.tensors[0].name, "one");
  EXPECT_EQ(index.tensors[1].name, "two");
  const auto data = noise(24, 1);
  EXPECT_TRUE(std::equal(data.begin(), data.end(),
                         file.begin() + static_cast<std::ptrdiff_t>(index.tensors[0].offset)));
  EXPECT_EQ(unpacked(packed(file)), file);
  EXPECT_EQ(refusal_of_file(zip({})), "accepted");
}

TEST(TensorIndexTest, RefusesArchivesThatAreCompressedOrDamaged) {
  const auto one = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", 24);
  EXPECT_THAT(refusal_of_file(zip({{"one.npy", one}}, 8)), HasSubstr("one.npy is compressed"));
  EXPECT_THAT(refusal_of_file(zip({{"one.npy", noise(40, 1)}})), HasSubstr("one.npy"));
  const auto whole = zip({{"one.npy", one}});
  for (std::size_t size = 4; size < whole.size(); ++size) {
    const std::vector<std::byte> part(whole.begin(),
                                      whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_NE(refusal_of_file(part), "accepted") << size;
  }
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    auto damaged = whole;
    damaged[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_FALSE(refusal_of_file(damaged).empty());
  }
}

}  // namespace
}  // namespace evalzip
