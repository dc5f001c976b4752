// SHA-256 (FIPS 180-4), for naming things by their content.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace loopscope {

class Sha256 {
 public:
  Sha256& add(std::string_view bytes);
  // The same with the length before, so that ("a", "bc") and ("ab", "c") differ.
  Sha256& add_part(std::string_view bytes);
  // In hexadecimal. Nothing can be added afterwards.
  std::string finish();

 private:
  void add_block(const unsigned char* block);

  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::string rest_;  // less than a block
  std::uint64_t size_ = 0;
};

std::string sha256(std::string_view bytes);

}  // namespace loopscope
