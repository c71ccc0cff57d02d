#pragma once
// libvips' operations take their options as varargs, which Swift cannot call: one fixed-argument
// function each, with the options this program uses and no others. All return 0 or -1.
#include <vips/vips.h>

typedef VipsImage **SluiceResult;

static inline void sluice_vips_drop_message(
    const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {}

/// Library chatter (warnings about odd tags) goes nowhere: what matters comes back as an error.
static inline void sluice_vips_be_quiet(void) {
    g_log_set_default_handler(sluice_vips_drop_message, NULL);
}

#define SLUICE_LOAD "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR

/// `shrink` is 1, 2, 4 or 8.
static inline int sluice_vips_load_jpeg(VipsSource *from, SluiceResult out, int shrink) {
    return vips_jpegload_source(from, out, SLUICE_LOAD, "shrink", shrink, NULL);
}

static inline int sluice_vips_load_png(VipsSource *from, SluiceResult out) {
    return vips_pngload_source(from, out, SLUICE_LOAD, NULL);
}

static inline int sluice_vips_load_webp(VipsSource *from, SluiceResult out) {
    return vips_webpload_source(from, out, SLUICE_LOAD, NULL);
}

static inline int sluice_vips_load_tiff(VipsSource *from, SluiceResult out) {
    return vips_tiffload_source(from, out, SLUICE_LOAD, NULL);
}

static inline int sluice_vips_load_gif(VipsSource *from, SluiceResult out) {
    return vips_gifload_source(from, out, SLUICE_LOAD, NULL);
}

static inline int sluice_vips_load_heif(VipsSource *from, SluiceResult out) {
    return vips_heifload_source(from, out, SLUICE_LOAD, NULL);
}

static inline int sluice_vips_bands(VipsImage *in, SluiceResult out, int first, int count) {
    return vips_extract_band(in, out, first, "n", count, NULL);
}

static inline int sluice_vips_join(VipsImage *in, VipsImage *alpha, SluiceResult out) {
    return vips_bandjoin2(in, alpha, out, NULL);
}

/// Divides colours by the transparency in the last band; numbers go up to `most`, and are rounded.
static inline int sluice_vips_unpremultiply(VipsImage *in, SluiceResult out, double most) {
    VipsImage *divided = NULL, *round = NULL;
    int result = vips_unpremultiply(in, &divided, "max_alpha", most, NULL)
        || vips_rint(divided, &round, NULL)
        || vips_cast(round, out, vips_image_get_format(in), NULL);
    if (divided) g_object_unref(divided);
    if (round) g_object_unref(round);
    return result ? -1 : 0;
}

/// One band as three.
static inline int sluice_vips_spread(VipsImage *in, SluiceResult out, VipsInterpretation space) {
    VipsImage *bands[] = {in, in, in};
    VipsImage *joined = NULL;
    if (vips_bandjoin(bands, &joined, 3, NULL)) return -1;
    int result = vips_copy(joined, out, "interpretation", space, NULL);
    g_object_unref(joined);
    return result;
}

/// 16 bits become the upper 8 of them.
static inline int sluice_vips_to_8_bit(VipsImage *in, SluiceResult out, int shift) {
    return vips_cast(in, out, VIPS_FORMAT_UCHAR, "shift", shift, NULL);
}

/// The same pixels with another profile, which is copied.
static inline int sluice_vips_profiled(
    VipsImage *in, SluiceResult out, const void *profile, size_t count) {
    if (vips_copy(in, out, NULL)) return -1;
    vips_image_set_blob_copy(*out, VIPS_META_ICC_NAME, profile, count);
    return 0;
}

/// To 8-bit sRGB, as print shops and browsers do it, from the embedded profile.
static inline int sluice_vips_profile_to_srgb(VipsImage *in, SluiceResult out) {
    return vips_icc_transform(
        in, out, "srgb", "embedded", TRUE, "intent", VIPS_INTENT_RELATIVE,
        "black_point_compensation", TRUE, "depth", 8, NULL);
}

/// Every number by a table of 8-bit ones, 256 or 65,536 long.
static inline int sluice_vips_map(
    VipsImage *in, SluiceResult out, const unsigned char *table, size_t count,
    VipsInterpretation space) {
    VipsImage *row = vips_image_new_from_memory_copy(
        table, count, (int)count, 1, 1, VIPS_FORMAT_UCHAR);
    VipsImage *mapped = NULL;
    int result = row ? vips_maplut(in, &mapped, row, NULL) : -1;
    if (row) g_object_unref(row);
    if (result) return result;
    result = vips_copy(mapped, out, "interpretation", space, NULL);
    g_object_unref(mapped);
    return result;
}

/// From the embedded profile to another, in 8 or 16 bits.
static inline int sluice_vips_profile_to_profile(
    VipsImage *in, SluiceResult out, const char *profile, int depth) {
    return vips_icc_transform(
        in, out, profile, "embedded", TRUE, "intent", VIPS_INTENT_RELATIVE,
        "black_point_compensation", TRUE, "depth", depth, NULL);
}

static inline int sluice_vips_srgb_to_profile(
    VipsImage *in, SluiceResult out, const char *profile, int depth) {
    return vips_icc_transform(
        in, out, profile, "input_profile", "srgb", "intent", VIPS_INTENT_RELATIVE,
        "black_point_compensation", TRUE, "depth", depth, NULL);
}

static inline int sluice_vips_profile(const char *name, VipsBlob **out) {
    return vips_profile_load(name, out, NULL);
}

static inline void sluice_vips_unref_area(VipsBlob *blob) { vips_area_unref(VIPS_AREA(blob)); }

static inline int sluice_vips_space(VipsImage *in, SluiceResult out, VipsInterpretation space) {
    return vips_colourspace(in, out, space, NULL);
}

static inline int sluice_vips_shrink(VipsImage *in, SluiceResult out, int by) {
    return vips_shrink(in, out, by, by, "ceil", TRUE, NULL);
}

static inline int sluice_vips_resize(VipsImage *in, SluiceResult out, double across, double down) {
    return vips_resize(in, out, across, "vscale", down, "kernel", VIPS_KERNEL_LANCZOS3, NULL);
}

/// In memory, not yet painted: everything like `in`, but of this size.
static inline int sluice_vips_blank(VipsImage *in, SluiceResult out, int width, int height) {
    VipsImage *blank = vips_image_new_memory();
    if (!blank) return -1;
    if (vips_image_pipelinev(blank, VIPS_DEMAND_STYLE_ANY, in, NULL) == 0) {
        blank->Xsize = width;
        blank->Ysize = height;
        if (vips_image_write_prepare(blank) == 0) {
            *out = blank;
            return 0;
        }
    }
    g_object_unref(blank);
    return -1;
}

/// Null unless it is in memory.
static inline unsigned char *sluice_vips_pixels(VipsImage *in) { return in->data; }

static inline int sluice_vips_upright(VipsImage *in, SluiceResult out) {
    return vips_autorot(in, out, NULL);
}

static inline int sluice_vips_crop(
    VipsImage *in, SluiceResult out, int left, int top, int width, int height) {
    return vips_crop(in, out, left, top, width, height, NULL);
}

/// `alpha` counts for pictures of four bands.
static inline int sluice_vips_embed(
    VipsImage *in, SluiceResult out, int left, int top, int width, int height, double red,
    double green, double blue, double alpha) {
    double colour[] = {red, green, blue, alpha};
    VipsArrayDouble *background =
        vips_array_double_new(colour, vips_image_get_bands(in) == 4 ? 4 : 3);
    int result = vips_embed(
        in, out, left, top, width, height, "extend", VIPS_EXTEND_BACKGROUND, "background",
        background, NULL);
    vips_area_unref(VIPS_AREA(background));
    return result;
}

/// One pixel of sRGB.
static inline int sluice_vips_spot(
    SluiceResult out, unsigned char red, unsigned char green, unsigned char blue) {
    unsigned char pixel[] = {red, green, blue};
    VipsImage *spot = vips_image_new_from_memory_copy(pixel, 3, 1, 1, 3, VIPS_FORMAT_UCHAR);
    if (!spot) return -1;
    int result = vips_copy(spot, out, "interpretation", VIPS_INTERPRETATION_sRGB, NULL);
    g_object_unref(spot);
    return result;
}

/// Transparency on inks, `count` numbers as the picture has them.
static inline int sluice_vips_flatten(
    VipsImage *in, SluiceResult out, const double *inks, int count) {
    VipsArrayDouble *background = vips_array_double_new(inks, count);
    int result = vips_flatten(
        in, out, "background", background, "max_alpha",
        vips_image_get_format(in) == VIPS_FORMAT_USHORT ? 65535.0 : 255.0, NULL);
    vips_area_unref(VIPS_AREA(background));
    return result;
}

/// With inks around it, `count` numbers as the picture has them.
static inline int sluice_vips_embed_inks(
    VipsImage *in, SluiceResult out, int left, int top, int width, int height,
    const double *inks, int count) {
    VipsArrayDouble *background = vips_array_double_new(inks, count);
    int result = vips_embed(
        in, out, left, top, width, height, "extend", VIPS_EXTEND_BACKGROUND, "background",
        background, NULL);
    vips_area_unref(VIPS_AREA(background));
    return result;
}

/// 16 bits to the nearest of 8.
static inline int sluice_vips_round_to_8_bit(VipsImage *in, SluiceResult out) {
    return vips_linear1(in, out, 1.0 / 257, 0.5, "uchar", TRUE, NULL);
}

/// Where a cut of this size around what draws the eye begins.
static inline int sluice_vips_attention(
    VipsImage *in, int width, int height, int *left, int *top) {
    VipsImage *cut = NULL;
    int result = vips_smartcrop(
        in, &cut, width, height, "interesting", VIPS_INTERESTING_ATTENTION, NULL);
    if (result) return result;
    // What was cut off is left behind in the offsets.
    *left = -vips_image_get_xoffset(cut);
    *top = -vips_image_get_yoffset(cut);
    g_object_unref(cut);
    return 0;
}

/// Codes are optimised or the standard ones; `progressive` needs optimised ones.
static inline int sluice_vips_save_jpeg(
    VipsImage *in, void **bytes, size_t *count, int quality, int full_chroma, int progressive,
    int optimized) {
    return vips_jpegsave_buffer(
        in, bytes, count, "Q", quality, "strip", TRUE, "optimize_coding", optimized, "interlace",
        progressive, "subsample_mode",
        full_chroma ? VIPS_FOREIGN_SUBSAMPLE_OFF : VIPS_FOREIGN_SUBSAMPLE_AUTO, NULL);
}

static inline int sluice_vips_save_png(
    VipsImage *in, void **bytes, size_t *count, int progressive) {
    return vips_pngsave_buffer(
        in, bytes, count, "strip", TRUE, "compression", 6, "filter", VIPS_FOREIGN_PNG_FILTER_ALL,
        "interlace", progressive, NULL);
}

static inline int sluice_vips_save_webp(
    VipsImage *in, void **bytes, size_t *count, int quality, int full_chroma) {
    return vips_webpsave_buffer(
        in, bytes, count, "Q", quality, "strip", TRUE, "smart_subsample", full_chroma, NULL);
}

/// Without `strip` it writes the picture's XMP, and an EXIF block of its own.
static inline int sluice_vips_save_avif(
    VipsImage *in, void **bytes, size_t *count, int quality, int full_chroma, int strip) {
    return vips_heifsave_buffer(
        in, bytes, count, "Q", quality, "strip", strip, "compression",
        VIPS_FOREIGN_HEIF_COMPRESSION_AV1, "bitdepth", 8, "subsample_mode",
        full_chroma ? VIPS_FOREIGN_SUBSAMPLE_OFF : VIPS_FOREIGN_SUBSAMPLE_AUTO, NULL);
}

/// In strips, uncompressed, with the picture's XMP and ICC profile and no EXIF.
static inline int sluice_vips_save_tiff(
    VipsImage *in, void **bytes, size_t *count, double per_millimetre) {
    return vips_tiffsave_buffer(
        in, bytes, count, "compression", VIPS_FOREIGN_TIFF_COMPRESSION_NONE, "resunit",
        VIPS_FOREIGN_TIFF_RESUNIT_INCH, "xres", per_millimetre, "yres", per_millimetre, NULL);
}

static inline int sluice_vips_save_gif(VipsImage *in, void **bytes, size_t *count) {
    return vips_gifsave_buffer(in, bytes, count, "strip", TRUE, NULL);
}

static inline void sluice_vips_unref(void *object) { g_object_unref(object); }
static inline void sluice_vips_free(void *bytes) { g_free(bytes); }
static inline void sluice_vips_free_list(char **texts) { g_strfreev(texts); }

static inline const char *sluice_vips_space_name(VipsInterpretation space) {
    return vips_enum_nick(VIPS_TYPE_INTERPRETATION, space);
}
