// The tiles that cover a batch of images, and their pixels.
#ifndef CONTRAST_WINOGRAD_TILES_H
#define CONTRAST_WINOGRAD_TILES_H
#include <stdint.h>

// F(4×4, 3×3): a tile of 4 × 4 outputs comes from a patch of 6 × 6 inputs by 36 products, one for each pair of
// interpolation points. Channels are handled in panels of 16, one cache line.
enum { POINTS = 36, PATCH = 6, TILE = 4, TAPS = 9, PANEL = 16 };

/// Images and the tiles that cover them. Tiles are numbered along rows, then down, then from image to image.
typedef struct {
  long images, height, width;
  long tiles_down, tiles_across, tiles;
} winograd_map;

typedef struct {
  long image, down, across;
} winograd_tile;

static inline winograd_map winograd_map_of(long images, long height, long width) {
  const long down = (height + TILE - 1) / TILE, across = (width + TILE - 1) / TILE;
  return (winograd_map){images, height, width, down, across, images * down * across};
}

/// Tile `number`, or the last one where there are fewer.
static inline winograd_tile winograd_tile_at(const winograd_map *map, long number) {
  if (number >= map->tiles) number = map->tiles - 1;
  const long line = number / map->tiles_across;
  return (winograd_tile){line / map->tiles_down, line % map->tiles_down, number % map->tiles_across};
}

/// The next tile; the last one is followed by itself.
static inline winograd_tile winograd_next_tile(const winograd_map *map, winograd_tile tile) {
  if (tile.across + 1 < map->tiles_across) return (winograd_tile){tile.image, tile.down, tile.across + 1};
  if (tile.down + 1 < map->tiles_down) return (winograd_tile){tile.image, tile.down + 1, 0};
  if (tile.image + 1 < map->images) return (winograd_tile){tile.image + 1, 0, 0};
  return tile;
}

/// The 6 × 6 inputs of a tile; those in the padding or beyond the image point to `zeros`.
static inline void winograd_patch_pixels(
    const winograd_map *map, winograd_tile tile, const float *images, long channels, const float *zeros,
    const float *pixels[POINTS]) {
  const long top = tile.down * TILE - 1, left = tile.across * TILE - 1;
  for (long i = 0; i < PATCH; i++) {
    const long y = top + i, row = ((tile.image * map->height + y) * map->width + left) * channels;
    const int is_row = y >= 0 && y < map->height;
    for (long j = 0; j < PATCH; j++) {
      const int is_inside = is_row && left + j >= 0 && left + j < map->width;
      pixels[i * PATCH + j] = is_inside ? images + (row + j * channels) : zeros;
    }
  }
}

/// The 4 × 4 outputs of a tile; those beyond the image point to `outside`.
static inline void winograd_tile_pixels(
    const winograd_map *map, winograd_tile tile, float *images, long channels, float *outside,
    float *pixels[TILE * TILE]) {
  const long top = tile.down * TILE, left = tile.across * TILE;
  for (long i = 0; i < TILE; i++) {
    const long row = ((tile.image * map->height + top + i) * map->width + left) * channels;
    for (long j = 0; j < TILE; j++) {
      const int is_inside = top + i < map->height && left + j < map->width;
      pixels[i * TILE + j] = is_inside ? images + (row + j * channels) : outside;
    }
  }
}

/// A stretch of memory that will be read soon, in cache lines.
typedef struct {
  const float *from;
  long lines;
} winograd_stretch;

/// The images' rows that hold tiles first ..< first + count, or nothing where there are no such tiles.
static inline winograd_stretch winograd_stretch_of(
    const winograd_map *map, const float *images, long channels, long first, long count) {
  if (first >= map->tiles) return (winograd_stretch){images, 0};
  const winograd_tile begin = winograd_tile_at(map, first), end = winograd_tile_at(map, first + count - 1);
  const long row = begin.image * map->height + begin.down * TILE, last = end.image * map->height + end.down * TILE;
  const long bottom = last + TILE < map->images * map->height ? last + TILE : map->images * map->height;
  return (winograd_stretch){images + row * map->width * channels, (bottom - row) * map->width * channels / PANEL};
}

/// Asks for the next `lines` lines of a stretch. Products leave the memory idle: a few lines at a time between them,
/// and the next tiles are near when their turn comes.
static inline void winograd_ask_for(winograd_stretch *stretch, long lines) {
  if (lines > stretch->lines) lines = stretch->lines;
  for (long line = 0; line < lines; line++) __builtin_prefetch(stretch->from + line * PANEL, 0, 2);
  stretch->from += lines * PANEL;
  stretch->lines -= lines;
}

#endif
