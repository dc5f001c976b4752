#include "sha256.hpp"

#include <bit>

namespace loopscope {

namespace {

constexpr std::size_t kBlock = 64;

constexpr std::array<std::uint32_t, 64> kRounds{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

}  // namespace

void Sha256::add_block(const unsigned char* block) {
  std::array<std::uint32_t, 64> words;
  for (std::size_t at = 0; at < 16; ++at)
    words[at] = static_cast<std::uint32_t>(block[4 * at]) << 24 |
                static_cast<std::uint32_t>(block[4 * at + 1]) << 16 |
                static_cast<std::uint32_t>(block[4 * at + 2]) << 8 | block[4 * at + 3];
  for (std::size_t at = 16; at < 64; ++at) {
    const std::uint32_t a = words[at - 15], b = words[at - 2];
    words[at] = words[at - 16] + words[at - 7] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ a >> 3) +
                (std::rotr(b, 17) ^ std::rotr(b, 19) ^ b >> 10);
  }
  auto [a, b, c, d, e, f, g, h] = state_;
  for (std::size_t at = 0; at < 64; ++at) {
    const std::uint32_t one = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) +
                              ((e & f) ^ (~e & g)) + kRounds[at] + words[at];
    const std::uint32_t two =
        (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + one;
    d = c;
    c = b;
    b = a;
    a = one + two;
  }
  const std::array<std::uint32_t, 8> added{a, b, c, d, e, f, g, h};
  for (std::size_t at = 0; at < 8; ++at) state_[at] += added[at];
}

Sha256& Sha256::add(std::string_view bytes) {
  const auto block_at = [](const char* at) { return reinterpret_cast<const unsigned char*>(at); };
  size_ += bytes.size();
  if (!rest_.empty()) {
    const std::string_view begin = bytes.substr(0, kBlock - rest_.size());
    rest_ += begin;
    bytes.remove_prefix(begin.size());
    if (rest_.size() < kBlock) return *this;
    add_block(block_at(rest_.data()));
    rest_.clear();
  }
  for (; bytes.size() >= kBlock; bytes.remove_prefix(kBlock)) add_block(block_at(bytes.data()));
  rest_ = bytes;
  return *this;
}

Sha256& Sha256::add_part(std::string_view bytes) {
  return add(std::to_string(bytes.size()) + ":").add(bytes);
}

std::string Sha256::finish() {
  const std::uint64_t bits = size_ * 8;
  std::string end = "\x80";
  end.append((kBlock + 56 - (size_ + 1) % kBlock) % kBlock, '\0');
  for (int shift = 56; shift >= 0; shift -= 8) end += static_cast<char>(bits >> shift);
  add(end);
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (const std::uint32_t word : state_)
    for (int shift = 28; shift >= 0; shift -= 4) text += kHex[word >> shift & 15];
  return text;
}

std::string sha256(std::string_view bytes) { return Sha256().add(bytes).finish(); }

}  // namespace loopscope
