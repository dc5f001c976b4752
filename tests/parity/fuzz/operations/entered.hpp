// Blocks that the program is in, for operations to reach from anywhere.
#pragma once

#include <vector>

namespace fuzz {

// Keeps `what` in `all` until the end of the scope.
template <class T>
class Entered {
 public:
  Entered(std::vector<T*>& all, T& what) : all_(all), what_(&what) { all_.push_back(what_); }
  Entered(const Entered&) = delete;
  Entered& operator=(const Entered&) = delete;
  ~Entered() { std::erase(all_, what_); }

 private:
  std::vector<T*>& all_;
  T* what_;
};

}  // namespace fuzz
