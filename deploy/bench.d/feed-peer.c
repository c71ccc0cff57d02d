// What a plain program over libxml2's writer takes for the same bytes: `feed-peer TABLE FILE`.
#include <libxml/xmlwriter.h>
#include <sqlite3.h>
#include <stdio.h>

static const char *names[] = {
    "g:id",    "title",          "description", "link",  "g:image_link", "g:additional_image_link",
    "g:price", "g:availability", "g:brand",     "g:gtin"};

int main(int count, char **arguments) {
    sqlite3 *database;
    sqlite3_stmt *rows;
    if (count != 3 || sqlite3_open_v2(arguments[1], &database, SQLITE_OPEN_READONLY, 0)
        || sqlite3_prepare_v2(database, "SELECT * FROM item ORDER BY sku", -1, &rows, 0))
        return 2;
    xmlTextWriterPtr writer = xmlNewTextWriterFilename(arguments[2], 0);
    xmlTextWriterSetIndent(writer, 1);
    xmlTextWriterSetIndentString(writer, BAD_CAST " ");
    xmlTextWriterStartDocument(writer, 0, "UTF-8", 0);
    xmlTextWriterStartElement(writer, BAD_CAST "rss");
    xmlTextWriterWriteAttribute(writer, BAD_CAST "version", BAD_CAST "2.0");
    xmlTextWriterWriteAttribute(writer, BAD_CAST "xmlns:g", BAD_CAST "http://base.google.com/ns/1.0");
    xmlTextWriterStartElement(writer, BAD_CAST "channel");
    xmlTextWriterWriteElement(writer, BAD_CAST "title", BAD_CAST "Kontor");
    xmlTextWriterWriteElement(writer, BAD_CAST "link", BAD_CAST "https://shop.example.com/");
    xmlTextWriterWriteElement(writer, BAD_CAST "description", BAD_CAST "Everything");
    while (sqlite3_step(rows) == SQLITE_ROW) {
        xmlTextWriterStartElement(writer, BAD_CAST "item");
        for (int column = 0; column < 10; column++)
            xmlTextWriterWriteElement(writer, BAD_CAST names[column], sqlite3_column_text(rows, column));
        xmlTextWriterEndElement(writer);
    }
    xmlTextWriterEndDocument(writer);
    xmlFreeTextWriter(writer);
    return 0;
}
