// How a fused step is carried out: the space is cut into tiles, each thread walks over its own.
#include "fused.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "memory.h"
#include "rows-in-memory.h"
#include "threads.h"

namespace foreloss {
namespace {

/** Numbers in a tile: small enough that some ten tiles lie in the first cache. */
constexpr int64_t tileSize = 1024;
/** Below this many numbers a second thread costs more than it brings. */
constexpr int64_t leastPerThread = 8192;

/** How the space is cut: rows of `columns` numbers, tiles of whole rows, or parts of one row where it is long. */
struct Cut {
  int64_t rows, columns, rowsPerTile, columnsPerTile;
};

Cut cutOf(const FusedStep& step) {
  int64_t rows = 1;
  for (size_t d = 0; d + 1 < step.space.size(); d++) rows *= step.space[d];
  const int64_t columns = step.space.back();
  const int64_t across = std::min(columns, tileSize);
  return {rows, columns, std::max<int64_t>(1, tileSize / columns), across};
}

/** Rows between which sums start anew. */
int64_t rowsPerSum(const FusedStep& step) {
  int64_t rows = 1;
  for (size_t d = step.keptDimensions; d + 1 < step.space.size(); d++) rows *= step.space[d];
  return rows;
}

bool isDense(const FusedStep& step, const Access& access) {
  int64_t expected = 1;
  for (size_t d = step.space.size(); d-- > 0;) {
    if (step.space[d] != 1 && access.strides[d] != expected) return false;
    expected *= step.space[d];
  }
  return true;
}

/** The same for every row. */
bool isConstant(const FusedStep& step, const Access& access) {
  for (size_t d = 0; d + 1 < step.space.size(); d++)
    if (step.space[d] != 1 && access.strides[d] != 0) return false;
  return true;
}

int64_t offsetOfRow(const FusedStep& step, const Access& access, int64_t row) {
  int64_t offset = 0;
  for (size_t d = step.space.size() - 1; d-- > 0;) {
    offset += (row % step.space[d]) * access.strides[d];
    row /= step.space[d];
  }
  return offset;
}

/** The dimension that rows follow each other along: the last but one, if there is one. */
int64_t lineOf(const FusedStep& step) { return step.space.size() < 2 ? 1 : step.space[step.space.size() - 2]; }

/** Numbers of a tile that lie at equal distances, in the tile and in memory; places and distances in numbers. */
struct Run {
  int64_t inTile, tileStride, inMemory, stride, count;
};

/** Calls `each` with the runs of a tile of rows and columns: its rows, or its columns where rows are short. */
template <class Each>
void eachRun(const FusedStep& step, const Access& access, int64_t row, int64_t rows, int64_t column, int64_t columns,
             const Each& each) {
  const int64_t line = lineOf(step), stride = access.strides.back();
  const int64_t apart = step.space.size() < 2 ? 0 : access.strides[step.space.size() - 2];
  for (int64_t done = 0; done < rows;) {
    const int64_t count = std::min(rows - done, line - (row + done) % line);
    const int64_t start = offsetOfRow(step, access, row + done) + column * stride;
    if (columns < count) {
      for (int64_t c = 0; c < columns; c++) each(Run{done * columns + c, columns, start + c * stride, apart, count});
    } else {
      for (int64_t r = 0; r < count; r++) each(Run{(done + r) * columns, 1, start + r * apart, stride, columns});
    }
    done += count;
  }
}

/** What one thread works with: its registers, each a tile, and its sums. */
class Worker {
 public:
  Worker(const FusedStep& step, const Cut& cut) : step_(step), cut_(cut) {
    // Registers of one tile each; where a row of the space is longer than a tile it is cut.
    tiles_ = AlignedMemory(static_cast<size_t>(step.registers) * tileSize * sizeof(float));
    registers_.resize(step.registers);
    for (int32_t r = 0; r < step.registers; r++) registers_[r] = tile(r);
    for (const Access& load : step.loads) {
      const bool constant = isConstant(step, load) && (cut.columns <= tileSize || load.strides.back() == 0);
      kinds_.push_back(constant ? Kind::constant : isDense(step, load) ? Kind::dense : Kind::strided);
      if (constant) fillConstant(load);
    }
    for (const Access& store : step.stores) denseStores_.push_back(isDense(step, store));
    sums_.resize(step.sums.size() * cut.columns);
    squares_.resize(sums_.size());
    pivots_.resize(sums_.size());
  }

  /** Columns [first, last) of the only row. */
  void runColumns(int64_t first, int64_t last) {
    for (int64_t column = first; column < last; column += cut_.columnsPerTile)
      runTile(0, 1, column, std::min(cut_.columnsPerTile, last - column));
  }

  /** Rows [first, last); sums go to their places where there are several, the only one stays in the worker. */
  void runRows(int64_t first, int64_t last, int64_t perSum) {
    for (int64_t row = first; row < last;) {
      const int64_t end = std::min(last, (row / perSum + 1) * perSum);
      for (int64_t at = row; at < end; at += cut_.rowsPerTile) {
        const int64_t rows = std::min(cut_.rowsPerTile, end - at);
        for (int64_t column = 0; column < cut_.columns; column += cut_.columnsPerTile) {
          runTile(at, rows, column, std::min(cut_.columnsPerTile, cut_.columns - column));
        }
      }
      if (cut_.rows != perSum) giveSums(row / perSum);
      row = end;
    }
  }

  const double* sums(size_t index) const { return sums_.data() + index * cut_.columns; }
  const double* squares(size_t index) const { return squares_.data() + index * cut_.columns; }
  void setPivots(const std::vector<float>& pivots) { pivots_ = pivots; }
  /** Runs the arithmetic of the first row and gives the registers that moments are taken of. */
  std::vector<float> firstRow() {
    std::vector<float> values(sums_.size());
    for (int64_t column = 0; column < cut_.columns; column += cut_.columnsPerTile) {
      const int64_t count = std::min(cut_.columnsPerTile, cut_.columns - column);
      compute(0, 1, column, count);
      for (size_t s = 0; s < step_.sums.size(); s++)
        std::copy_n(registers_[step_.sums[s].reg], count, values.begin() + s * cut_.columns + column);
    }
    return values;
  }

 private:
  enum class Kind { constant, dense, strided };

  static char* at(const Access& access, int64_t offset) {
    return access.start + offset * static_cast<int64_t>(sizeOf(access.dtype));
  }
  float* tile(int32_t reg) const { return reinterpret_cast<float*>(tiles_.data()) + reg * tileSize; }

  void fillConstant(const Access& load) {
    const int64_t count = std::min(cut_.columns, tileSize);
    loadRow(tile(load.reg), 1, {load.start, load.dtype, load.strides.back(), count});
    for (int64_t r = 1; r < cut_.rowsPerTile; r++)
      std::memcpy(tile(load.reg) + r * count, tile(load.reg), count * sizeof(float));
  }

  void compute(int64_t row, int64_t rows, int64_t column, int64_t columns) {
    const int64_t count = rows * columns;
    for (size_t i = 0; i < step_.loads.size(); i++) load(i, row, rows, column, columns);
    for (const MicroStep& micro : step_.steps) {
      registers_[micro.to] = tile(micro.to);
      kernels().micro[static_cast<int>(micro.op)](registers_[micro.to], registers_[micro.a], registers_[micro.b],
                                                  registers_[micro.c], count);
    }
  }

  void runTile(int64_t row, int64_t rows, int64_t column, int64_t columns) {
    compute(row, rows, column, columns);
    for (size_t i = 0; i < step_.stores.size(); i++) store(i, row, rows, column, columns);
    for (size_t s = 0; s < step_.sums.size(); s++) {
      const RowSum& sum = step_.sums[s];
      const int64_t at = s * cut_.columns + column;
      if (sum.kind == RowSum::Kind::sum) {
        kernels().addColumns(sums_.data() + at, registers_[sum.reg], rows, columns);
      } else {
        kernels().addMoments(sums_.data() + at, squares_.data() + at, pivots_.data() + at, registers_[sum.reg], rows,
                             columns);
      }
    }
  }

  void load(size_t i, int64_t row, int64_t rows, int64_t column, int64_t columns) {
    const Access& access = step_.loads[i];
    if (kinds_[i] == Kind::constant) {
      registers_[access.reg] = tile(access.reg);
    } else if (kinds_[i] == Kind::dense) {
      const int64_t offset = row * cut_.columns + column;
      if (access.dtype == DType::float32) {
        registers_[access.reg] = reinterpret_cast<float*>(access.start) + offset;  // read where it lies
      } else {
        registers_[access.reg] = tile(access.reg);
        loadRow(tile(access.reg), 1, {at(access, offset), access.dtype, 1, rows * columns});
      }
    } else {
      registers_[access.reg] = tile(access.reg);
      eachRun(step_, access, row, rows, column, columns, [&](const Run& run) {
        loadRow(tile(access.reg) + run.inTile, run.tileStride,
                {at(access, run.inMemory), access.dtype, run.stride, run.count});
      });
    }
  }

  void store(size_t i, int64_t row, int64_t rows, int64_t column, int64_t columns) {
    const Access& access = step_.stores[i];
    const float* from = registers_[access.reg];
    if (denseStores_[i]) {
      storeRow({at(access, row * cut_.columns + column), access.dtype, 1, rows * columns}, from, 1);
      return;
    }
    eachRun(step_, access, row, rows, column, columns, [&](const Run& run) {
      storeRow({at(access, run.inMemory), access.dtype, run.stride, run.count}, from + run.inTile, run.tileStride);
    });
  }

  void giveSums(int64_t index) {
    for (size_t s = 0; s < step_.sums.size(); s++) {
      double* sums = sums_.data() + s * cut_.columns;
      for (int64_t c = 0; c < cut_.columns; c++) step_.sums[s].to[index * cut_.columns + c] = static_cast<float>(sums[c]);
      std::fill(sums, sums + cut_.columns, 0.0);
    }
  }

  const FusedStep& step_;
  const Cut cut_;
  AlignedMemory tiles_;
  std::vector<float*> registers_;
  std::vector<Kind> kinds_;
  std::vector<bool> denseStores_;
  std::vector<double> sums_, squares_;
  std::vector<float> pivots_;
};

/** Moments are taken around the numbers of the first row: close enough to the mean that nothing cancels. */
std::vector<float> pivotsOf(const FusedStep& step, Worker& worker) {
  const auto isMoments = [](const RowSum& sum) { return sum.kind == RowSum::Kind::moments; };
  return std::any_of(step.sums.begin(), step.sums.end(), isMoments) ? worker.firstRow() : std::vector<float>();
}

/** Adds up what the workers hold, in their order, and writes the only sum (or moments) that there is. */
void combine(const FusedStep& step, const Cut& cut, const std::vector<std::unique_ptr<Worker>>& workers,
             const std::vector<float>& pivots) {
  const double count = static_cast<double>(cut.rows);
  for (size_t s = 0; s < step.sums.size(); s++) {
    const RowSum& sum = step.sums[s];
    for (int64_t c = 0; c < cut.columns; c++) {
      double total = 0, squares = 0;
      for (const auto& worker : workers) {
        total += worker->sums(s)[c];
        squares += worker->squares(s)[c];
      }
      if (sum.kind == RowSum::Kind::sum) {
        sum.to[c] = static_cast<float>(total);
        continue;
      }
      const double apart = total / count;
      sum.to[c] = static_cast<float>(pivots[s * cut.columns + c] + apart);
      sum.to[cut.columns + c] = static_cast<float>(std::max(0.0, squares / count - apart * apart));
    }
  }
}

}  // namespace

void runFused(const FusedStep& step, int threads) {
  const Cut cut = cutOf(step);
  const int64_t perSum = step.sums.empty() ? cut.rows : rowsPerSum(step);
  const bool oneSum = perSum == cut.rows;
  const bool byColumns = cut.rows == 1 && step.sums.empty();
  // What is shared out: whole sums where there are several, else rows, else tiles of the only row.
  const int64_t unit = byColumns ? cut.columnsPerTile : oneSum ? 1 : perSum;
  const int64_t total = byColumns ? cut.columns : cut.rows;
  const int64_t units = (total + unit - 1) / unit;
  const int64_t wanted = std::max<int64_t>(1, cut.rows * cut.columns / leastPerThread);
  const int parts = static_cast<int>(std::min<int64_t>({threads, units, wanted}));
  std::vector<std::unique_ptr<Worker>> workers;
  for (int part = 0; part < parts; part++) workers.push_back(std::make_unique<Worker>(step, cut));
  const std::vector<float> pivots = pivotsOf(step, *workers[0]);
  inParallel(parts, [&](int part) {
    const int64_t first = startOfPart(units, part, parts) * unit;
    const int64_t last = std::min(total, startOfPart(units, part + 1, parts) * unit);
    if (byColumns) return workers[part]->runColumns(first, last);
    workers[part]->setPivots(pivots);
    workers[part]->runRows(first, last, perSum);
  });
  if (oneSum && !step.sums.empty()) combine(step, cut, workers, pivots);
}

}  // namespace foreloss
