import Foundation
import Model

/// One calm style for screen, dark screen and paper; system fonts, no request.
enum Style {
    /// For the page's policy: only this very style sheet counts.
    static let digest: String = {
        let hash = Array(ContentHash.of(Data("\(sheet)".utf8)).rawValue.utf8)
        let bytes = stride(from: 0, to: hash.count, by: 2).compactMap {
            UInt8(String(decoding: hash[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
        return "sha256-" + Data(bytes).base64EncodedString()
    }()

    static let sheet: StaticString = """
        :root { color-scheme: light dark;
          --paper: #f6f6f4; --card: #fff; --ink: #1d1d1b; --soft: #696963; --line: #e2e2dd; --wash: #f2f2ee;
          --good: #1a7f37; --good-wash: #e6f4ea; --bad: #c0271d; --bad-wash: #fdeceb; --warn: #8a5a00;
          --product: #1668dc; --extent: #b07314; --ring: #b320c8; --safe: #0b877b; }
        @media (prefers-color-scheme: dark) { :root {
          --paper: #161615; --card: #1f1f1d; --ink: #ebebe6; --soft: #a0a098; --line: #34342f; --wash: #272724;
          --good: #5bc776; --good-wash: #173321; --bad: #ff7b70; --bad-wash: #3d1c1a; --warn: #e0ad4e;
          --product: #5b9dff; --extent: #e0a544; --ring: #e070f0; --safe: #35c4b5; } }
        * { box-sizing: border-box; }
        html { scroll-behavior: smooth; scroll-padding-top: 3.2rem; }
        body { margin: 0; background: var(--paper); color: var(--ink);
          font: 14px/1.45 system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif;
          font-variant-numeric: tabular-nums; }
        h1, h2, h3, h4, h5, p, ul, dl, figure { margin: 0; padding: 0; }
        code { font: 0.92em ui-monospace, "SF Mono", "Liberation Mono", monospace; overflow-wrap: anywhere; }
        .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
          white-space: nowrap; }
        .gallery { position: absolute; width: 0; height: 0; }
        .top, main, footer { max-width: 1320px; margin: 0 auto; padding: 0 24px; }
        .top { display: flex; justify-content: space-between; align-items: end; gap: 24px; padding-top: 28px;
          padding-bottom: 14px; flex-wrap: wrap; }
        .kind { color: var(--soft); font-size: 12px; letter-spacing: 0.04em; }
        h1 { font-size: 26px; font-weight: 650; line-height: 1.2; overflow-wrap: anywhere; }
        .meta { text-align: right; } .meta b { display: block; font-size: 16px; } .meta span { color: var(--soft); }
        .bar { position: sticky; top: 0; z-index: 1; background: var(--paper); border-block: 1px solid var(--line);
          padding: 7px max(24px, calc((100% - 1272px) / 2)); display: flex; gap: 6px 18px; flex-wrap: wrap;
          font-size: 13px; }
        .bar span { color: var(--soft); }
        .bar label { cursor: pointer; user-select: none; display: inline-flex; align-items: center; gap: 6px; }
        .bar label::before { content: ""; width: 12px; height: 12px; border: 2px solid currentColor; border-radius: 3px; }
        #t-product:checked ~ .bar label[for=t-product]::before, #t-extent:checked ~ .bar label[for=t-extent]::before,
        #t-ring:checked ~ .bar label[for=t-ring]::before, #t-safe:checked ~ .bar label[for=t-safe]::before,
        #t-faint:checked ~ .bar label[for=t-faint]::before
          { background: currentColor; box-shadow: inset 0 0 0 2px var(--paper); }
        label[for=t-product] { color: var(--product); } label[for=t-extent] { color: var(--extent); }
        label[for=t-ring] { color: var(--ring); } label[for=t-safe] { color: var(--safe); }
        #t-product:focus-visible ~ .bar label[for=t-product], #t-extent:focus-visible ~ .bar label[for=t-extent],
        #t-ring:focus-visible ~ .bar label[for=t-ring], #t-safe:focus-visible ~ .bar label[for=t-safe],
        #t-faint:focus-visible ~ .bar label[for=t-faint]
          { outline: 2px solid; outline-offset: 3px; border-radius: 2px; }
        #t-product:not(:checked) ~ main .mark.product, #t-extent:not(:checked) ~ main .mark.extent,
        #t-ring:not(:checked) ~ main .mark.ring, #t-safe:not(:checked) ~ main .mark.safe { display: none; }
        .faint { display: none; } #t-faint:checked ~ main .faint { display: inline; }
        .notes { list-style: none; margin-top: 14px; color: var(--warn); }
        .glance { padding: 14px 0 4px; }
        .glance section { display: flex; flex-wrap: wrap; gap: 10px; padding-top: 6px; align-items: stretch; }
        .glance .master { flex-basis: 100%; width: auto; margin: 0; padding: 4px 0 0; border: 0; background: none;
          color: var(--soft); font-size: 13px; }
        .glance section:only-child .master { display: none; }
        .glance a { color: inherit; text-decoration: none; width: 122px; padding: 8px; border-radius: 8px;
          background: var(--card); border: 1px solid var(--line); font-size: 12px; line-height: 1.3; }
        .glance a:hover, .glance a:focus-visible { border-color: var(--soft); }
        .glance a.fail { border-color: var(--bad); }
        .thumb { height: 104px; display: flex; align-items: center; justify-content: center; margin-bottom: 6px; }
        .thumb .absent { color: var(--bad); }
        .who { display: block; overflow-wrap: break-word; } 
        .master { margin-top: 26px; }
        h2 { font-size: 19px; font-weight: 650; padding-bottom: 10px; overflow-wrap: anywhere; }
        h2 code { font-weight: 400; font-size: 12.5px; color: var(--soft); margin-left: 10px; }
        .body { display: grid; grid-template-columns: minmax(0, auto) minmax(320px, 1fr); gap: 24px; align-items: start; }
        .shot, .zoom svg { display: block; max-width: 100%; height: auto;
          background: repeating-conic-gradient(#d4d4d4 0 25%, #fff 0 50%) 0 0 / 14px 14px;
          box-shadow: 0 0 0 1px var(--line), 0 1px 4px rgb(0 0 0 / 0.06); }
        .zoom svg { image-rendering: pixelated; }
        .shot { overflow: hidden; }
        .mark * { fill: none; vector-effect: non-scaling-stroke; }
        .mark .under { stroke: #fff; stroke-opacity: 0.75; stroke-width: 3.5; }
        .mark .over { stroke-width: 1.5; }
        .product .over { stroke: #1668dc; } .extent .over { stroke: #b07314; stroke-dasharray: 5 4; }
        .ring .over { stroke: #b320c8; } .ring .band { fill: #b320c8; fill-opacity: 0.2; fill-rule: evenodd; }
        .ring .over.broken { stroke: #d92b20; stroke-width: 2.5; } .ring .under.broken { stroke-width: 5.5; }
        .safe .over { stroke: #0b877b; stroke-dasharray: 2 3; }
        .safe .band { fill: #0b877b; fill-opacity: 0.16; fill-rule: evenodd; }
        .mark text { fill: #1668dc; stroke: #fff; paint-order: stroke; stroke-linejoin: round; vector-effect: none;
          font-family: system-ui, "Liberation Sans", sans-serif; }
        figcaption { font-size: 12.5px; color: var(--soft); padding-top: 7px; }
        .preview { display: block; color: var(--warn); }
        .facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 0 28px; font-size: 13px; }
        .facts div { display: grid; grid-template-columns: 8.2em 1fr; gap: 8px; padding: 4px 0;
          border-bottom: 1px solid var(--line); }
        .facts dt { color: var(--soft); } .facts dd { margin: 0; overflow-wrap: anywhere; }
        .facts .odd dd { color: var(--warn); }
        .swatch { width: 11px; height: 11px; margin-right: 6px; vertical-align: -1px; border-radius: 2px;
          box-shadow: 0 0 0 1px var(--line); }
        .channel { margin-top: 30px; }
        .channel > header { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; font-size: 13px;
          color: var(--soft); padding-bottom: 8px; }
        h3 { font-size: 16px; font-weight: 650; color: var(--ink); }
        .state { border: 1px solid var(--line); border-radius: 9px; padding: 0 8px; font-size: 12px; }
        .file { margin-left: auto; font-size: 12px; }
        .gates, .changes { list-style: none; padding: 8px 14px; margin-bottom: 10px; border-radius: 8px; font-size: 13px;
          background: var(--wash); }
        .gates li { padding: 2px 0; } .gates b { margin-right: 5px; color: var(--bad); font-weight: 600; }
        .gates code, .gates .fix { margin-left: 10px; } .gates code { color: var(--soft); }
        .changes ul { padding-left: 18px; }
        .card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px 16px;
          margin-bottom: 14px; }
        .card > header { display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: baseline; padding-bottom: 12px; }
        h4 { font-size: 15px; font-weight: 650; } h5 { font-size: 13px; font-weight: 650; padding-bottom: 6px; }
        .verdict { font-size: 12.5px; padding: 1px 9px; border-radius: 10px; white-space: nowrap; }
        .verdict.good { color: var(--good); background: var(--good-wash); }
        .verdict.bad { color: var(--bad); background: var(--bad-wash); }
        .verdict .tick, .verdict .cross { margin-right: 2px; }
        .verdict.none { color: var(--soft); background: var(--wash); }
        .names { margin-left: auto; font-size: 12.5px; text-align: right; }
        .names > span { display: block; } .names i { color: var(--soft); font-style: normal; margin-right: 5px; }
        .tick { color: var(--good); font-weight: 700; } .cross { color: var(--bad); font-weight: 700; }
        .seen .absent, .refused { background: var(--bad-wash); color: var(--bad); border-radius: 8px; padding: 14px 16px; }
        .seen .absent { width: 320px; max-width: 100%; min-height: 120px; } .absent b { display: block; }
        table { border-collapse: collapse; width: 100%; font-size: 13px; }
        th, td { text-align: left; vertical-align: top; padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); }
        thead th { color: var(--soft); font-weight: 400; font-size: 12px; padding-top: 0; }
        tbody th { font-weight: 600; overflow-wrap: anywhere; }
        .checks tbody th { white-space: nowrap; font-size: 12.5px; }
        .checks td:nth-child(3) { min-width: 9em; } .changed tbody th { font-weight: 400; color: var(--soft); white-space: nowrap; }
        tr:last-child > * { border-bottom: 0; }
        .sign { width: 20px; padding-right: 6px; }
        .fail .measured > span { color: var(--bad); font-weight: 600; }
        .fix { font-size: 12.5px; padding-top: 2px; }
        .fix::before { content: "→ "; color: var(--soft); }
        .source { color: var(--soft); font-size: 12px; min-width: 9em; } .source code { display: block; }
        .zooms { display: flex; flex-wrap: wrap; gap: 12px; padding-top: 12px; }
        .zoom { width: 118px; } .zoom figcaption { font-size: 11.5px; line-height: 1.3; padding-top: 4px; }
        .zoom b { display: block; font-weight: 600; color: var(--ink); }
        details { margin-top: 10px; font-size: 13px; } summary { cursor: pointer; color: var(--soft); }
        .columns { display: grid; grid-template-columns: 1fr 1fr; gap: 24px; padding-top: 6px; }
        .columns .facts { display: block; }
        .pair { display: grid; grid-template-columns: auto auto minmax(260px, 1fr); gap: 24px; align-items: start;
          padding-bottom: 10px; }
        .pair .seen { max-width: 348px; } .pair .seen > .verdict { display: inline-block; margin-bottom: 8px; }
        .pair .seen > h5 { display: inline-block; margin-right: 8px; }
        .changed td { white-space: normal; } .quiet { color: var(--soft); }
        footer { color: var(--soft); font-size: 12px; padding-top: 20px; padding-bottom: 40px; }
        @media (max-width: 900px) { .body, .pair, .columns { grid-template-columns: minmax(0, 1fr); }
          .names, .file { margin-left: 0; text-align: left; } .source { min-width: 0; }
          .checks thead { display: none; } .checks tr { display: grid; grid-template-columns: 20px minmax(0, 1fr);
            padding: 7px 0; border-bottom: 1px solid var(--line); }
          .checks tr > * { grid-column: 2; border: 0; padding: 0; min-width: 0; overflow-wrap: anywhere; }
          .checks tr > .sign { grid-column: 1; } .checks tbody th { white-space: normal; }
          .checks td:nth-child(3)::before { content: "demand "; color: var(--soft); }
          .checks .measured::before { content: "measured "; color: var(--soft); }
          .changed tbody th { white-space: normal; } .source span { display: block; }
          .meta { text-align: left; } }
        @media (max-width: 500px) { .top, main, footer { padding-left: 12px; padding-right: 12px; }
          .card { padding: 12px; } .changed th, .changed td { overflow-wrap: anywhere; min-width: 0; } }
        @media print { :root { color-scheme: light; --paper: #fff; --card: #fff; --ink: #000; --soft: #555; --line: #ccc;
            --wash: #f2f2ee; --good: #1a7f37; --good-wash: #e6f4ea; --bad: #c0271d; --bad-wash: #fdeceb; --warn: #8a5a00; }
          body { font-size: 10pt; } * { print-color-adjust: exact; } .bar { display: none; }
          .glance a, tr, figure, .gates { break-inside: avoid; }
          .channel > header, .card > header, h2 { break-after: avoid; }
          .body { grid-template-columns: 240px minmax(0, 1fr); gap: 16px; } .pair { grid-template-columns: 1fr 1fr; gap: 16px; }
          .changed { grid-column: 1 / -1; } .columns { grid-template-columns: 1fr 1fr; } .glance .thumb { height: 72px; }
          .glance a { width: 92px; padding: 5px; } .thumb svg { max-height: 72px; width: auto; } .zoom, .zoom svg { width: 84px; }
          .top, main, footer { max-width: none; padding-left: 0; padding-right: 0; } .shot { box-shadow: 0 0 0 1px #ccc; } }
        """
}
