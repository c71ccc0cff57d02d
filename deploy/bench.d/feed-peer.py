# What Python takes with lxml's xmlfile: `feed-peer.py TABLE FILE`.
import sqlite3
import sys

from lxml import etree

G = "{http://base.google.com/ns/1.0}"
NAMES = [G + "id", "title", "description", "link", G + "image_link",
         G + "additional_image_link", G + "price", G + "availability", G + "brand", G + "gtin"]

rows = sqlite3.connect(sys.argv[1]).execute("SELECT * FROM item ORDER BY sku")
with etree.xmlfile(sys.argv[2], encoding="UTF-8") as document:
    document.write_declaration()
    with document.element("rss", version="2.0", nsmap={"g": G[1:-1]}):
        with document.element("channel"):
            for name, text in [("title", "Kontor"), ("link", "https://shop.example.com/"),
                               ("description", "Everything")]:
                element = etree.Element(name)
                element.text = text
                document.write(element)
            for row in rows:
                item = etree.Element("item", nsmap={"g": G[1:-1]})
                for name, text in zip(NAMES, row):
                    etree.SubElement(item, name).text = text
                document.write(item)
