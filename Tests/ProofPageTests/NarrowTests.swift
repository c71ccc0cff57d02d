import Foundation
import PictureSupport
import Proof
import Testing

/// On a telephone, a tablet and a desk: nothing lies on something else, nothing needs to be pushed
/// sideways. A frame stands in for the window, which Chromium does not make narrower than 500 px.
@Suite("Proof page at every width", .enabled(if: Browser.isInstalled, "chromium is not installed"))
struct NarrowTests {
    let folder: Folder
    let browser: Browser

    init() throws {
        folder = try Folder()
        browser = Browser(home: folder)
    }

    @Test(arguments: [320, 400, 500, 768, 1200])
    func nothingOverlapsOrScrollsSideways(width: Int) throws {
        let sheet = try SampleSheet.make(in: folder).html()
        try folder.write(Data(Self.frame(sheet, width).utf8), as: "frame.html")
        _ = try browser.screenshot(
            of: folder["frame.html"], as: "proof-\(width)", width: max(width, 500), height: 6000)
        let dom = try browser.dump(folder["frame.html"])
        let start = try #require(dom.range(of: "data-found=\"", options: .backwards)?.upperBound)
        let found = dom[start...].prefix { $0 != "\"" }
        #expect(found == "nothing", "\(found)")
    }

    private static func frame(_ sheet: String, _ width: Int) -> String {
        let quoted = sheet.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
        return """
            <!doctype html><meta charset="utf-8"><body style="margin:0">
            <iframe id="f" style="border:0" width="\(width)" height="6000" srcdoc="\(quoted)"></iframe>
            <script>\(measuring)</script>
            """
    }

    /// Every line of text as a box: none may reach out of the page or into another one.
    private static let measuring = """
        document.getElementById("f").onload = e => {
          const page = e.target.contentDocument, wide = e.target.clientWidth, found = [], boxes = [];
          const most = page.documentElement.scrollWidth;
          if (most > wide) found.push("the page is " + most + " wide");
          const walk = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const node = walk.currentNode, text = node.data.trim().slice(0, 24);
            const parent = node.parentElement;
            if (!text || parent.closest(".unseen, svg, .bar, style") || !parent.checkVisibility()) continue;
            const range = page.createRange();
            range.selectNodeContents(node);
            for (const box of range.getClientRects()) if (box.width > 1) boxes.push([box, text]);
          }
          for (const [a, text] of boxes)
            if (a.right > wide + 1 || a.left < -1) found.push(text + " reaches out of the page");
          boxes.sort((a, b) => a[0].top - b[0].top);
          for (let i = 0; i < boxes.length; i++)
            for (let j = i + 1; j < boxes.length && boxes[j][0].top < boxes[i][0].bottom; j++) {
              const [a, b] = [boxes[i][0], boxes[j][0]];
              const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
              const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
              if (x > 1 && y > 4) found.push(boxes[i][1] + " lies on " + boxes[j][1]);
            }
          const line = cell => { const range = page.createRange(); range.selectNodeContents(cell);
            return [...range.getClientRects()].filter(box => box.width > 1); };
          for (const cell of page.querySelectorAll("tr > :not(.sign) + *"))
            for (const a of line(cell.previousElementSibling)) for (const b of line(cell)) {
              const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
              if (y > 4 && b.left - a.right < 8)
                found.push(cell.previousElementSibling.textContent + " runs into " + cell.textContent);
            }
          document.body.dataset.found = found.slice(0, 12).join("; ") || "nothing";
        };
        """
}
