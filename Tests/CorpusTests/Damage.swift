import Foundation
import PictureSupport

/// One file of each kind, cut off at many places and with bytes changed at many others.
enum Damage {
    static func specimens(of whole: [Specimen]) -> [Specimen] {
        let patients = [
            "jpeg baseline.jpg", "jpeg progressive.jpg", "jpeg cmyk with profile.jpg",
            "png rgb.png", "png interlaced.png", "png palette 4 bit.png", "webp lossy.webp",
            "webp lossless.webp", "tiff strips.tif", "tiff tiles.tif", "tiff lzw.tif",
            "tiff jpeg.tif", "gif still.gif", "avif.avif", "heic still.heic", "heic grid.heic",
        ]
        return patients.flatMap { name -> [Specimen] in
            guard let patient = whole.first(where: { $0.name == name }) else { return [] }
            return cut(patient) + changed(patient)
        }
    }

    private static func cut(_ patient: Specimen) -> [Specimen] {
        let count = patient.bytes.count
        let places = [
            ("after 1 byte", 1), ("after 11 bytes", 11), ("after 16 bytes", 16),
            ("after 40 bytes", 40), ("at a tenth", count / 10), ("at a third", count / 3),
            ("at half", count / 2), ("at 90 %", count * 9 / 10), ("before the last", count - 1),
        ]
        return places.map { words, place in
            Specimen("cut \(words): \(patient.name)", Data(patient.bytes.prefix(place)))
        }
    }

    private static func changed(_ patient: Specimen) -> [Specimen] {
        (1...6).map { number in
            // From the name, so that another patient changes nothing here.
            let seed = patient.name.utf8.reduce(UInt64(number)) { $0 &* 31 &+ UInt64($1) }
            var dice = Dice(state: seed)
            var bytes = Array(patient.bytes)
            for _ in 0..<number * number {
                // The first bytes say what it is; without them it is only no picture.
                let place = Int.random(in: 16..<bytes.count, using: &dice)
                bytes[place] ^= UInt8.random(in: 1...255, using: &dice)
            }
            return Specimen("\(number * number) changed: \(patient.name)", Data(bytes))
        }
    }
}
