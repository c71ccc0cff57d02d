// The proof sheet: one self-contained HTML page that shows a master and each of its renditions with
// what was measured drawn on them. A pure function of values; reads no file and asks no daemon.

package import Model
