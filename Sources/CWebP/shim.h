#pragma once
// libwebp, which libvips writes WebP with: its options set as libvips sets them, and a place between
// converting to YUV and encoding, which libvips has not.
#include <webp/encode.h>

/// Converts opaque RGB to YUV with sharp chroma. Returns 0, or -1 without memory; `close` either way.
static inline int sluice_webp_open(
    WebPPicture *picture, const uint8_t *rgb, int width, int height) {
    if (!WebPPictureInit(picture)) return -1;
    picture->use_argb = 1;
    picture->width = width;
    picture->height = height;
    return WebPPictureImportRGB(picture, rgb, 3 * width) && WebPPictureSharpARGBToYUVA(picture)
               ? 0 : -1;
}

/// `writer` is owned by the caller and to be cleared. Returns libwebp's error, 0 for none.
static inline int sluice_webp_encode(WebPPicture *picture, int quality, WebPMemoryWriter *writer) {
    WebPConfig config;
    WebPMemoryWriterInit(writer);
    if (!WebPConfigPreset(&config, WEBP_PRESET_DEFAULT, (float)quality))
        return VP8_ENC_ERROR_INVALID_CONFIGURATION;
    config.use_sharp_yuv = 1;
    picture->writer = WebPMemoryWrite;
    picture->custom_ptr = writer;
    return WebPEncode(&config, picture) ? 0 : (int)picture->error_code;
}

static inline void sluice_webp_close(WebPPicture *picture) { WebPPictureFree(picture); }
static inline void sluice_webp_free(void *bytes) { WebPFree(bytes); }
