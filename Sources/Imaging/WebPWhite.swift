private import CPixels
private import CWebP
import Foundation
import Model

extension Picture {
    /// WebP whose white is exactly white up to a few pixels beside the product, at any quality.
    ///
    /// A lossy WebP predicts each block from its neighbours and drops what is left when that is
    /// little, so that traces of the product wander: 254 and less, 36 pixels away. But its brightness
    /// goes from 16 to 235, and every decoder cuts off what is above: white is written as 245, and what
    /// wanders stays above 235. Measured at qualities 60 to 95: 5 pixels at most, size and error of
    /// the product as before.
    /// - Precondition: in memory, 8-bit sRGB without transparency.
    func webpOnWhite(quality: Int) throws(Refusal) -> Data {
        let result = try withRaster { rgb -> Swift.Result<Data, Refusal> in
            var rgb = rgb
            var picture = WebPPicture()
            var writer = WebPMemoryWriter()
            defer { sluice_webp_close(&picture) }
            guard sluice_webp_open(&picture, rgb.bytes, rgb.width, rgb.height) == 0
            else {
                return .failure(Refusal(.memory, "there is no memory to write a webp of \(size)"))
            }
            sluice_lift_white(&rgb, picture.y, Int(picture.y_stride))
            let failure = sluice_webp_encode(&picture, Int32(quality), &writer)
            guard failure == 0, let bytes = writer.mem else {
                WebPMemoryWriterClear(&writer)
                // VP8_ENC_ERROR_OUT_OF_MEMORY, and that of the bitstream.
                let isShort = failure == 1 || failure == 2
                return .failure(
                    isShort
                        ? Refusal(.memory, "there is no memory to write a webp of \(size)")
                        : Refusal(
                            .unsupported, "libwebp cannot write \(size): its error \(failure)"))
            }
            return .success(
                Data(
                    bytesNoCopy: bytes, count: writer.size,
                    deallocator: .custom { bytes, _ in sluice_webp_free(bytes) }))
        }
        return try result.get()
    }
}
