#include "CFormats.h"

// Clang reads the files in as C23 does.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char amazon_json[] = {
#embed "../../channels/feeds/amazon-json.yaml"
};
static const unsigned char awin[] = {
#embed "../../channels/feeds/awin.yaml"
};
static const unsigned char billiger[] = {
#embed "../../channels/feeds/billiger.yaml"
};
static const unsigned char bmecat_2005[] = {
#embed "../../channels/feeds/bmecat-2005.yaml"
};
static const unsigned char ceneo[] = {
#embed "../../channels/feeds/ceneo.yaml"
};
static const unsigned char criteo[] = {
#embed "../../channels/feeds/criteo.yaml"
};
static const unsigned char ebay_mip[] = {
#embed "../../channels/feeds/ebay-mip.yaml"
};
static const unsigned char google_atom[] = {
#embed "../../channels/feeds/google-atom.yaml"
};
static const unsigned char google_rss[] = {
#embed "../../channels/feeds/google-rss.yaml"
};
static const unsigned char google_tsv[] = {
#embed "../../channels/feeds/google-tsv.yaml"
};
static const unsigned char heureka[] = {
#embed "../../channels/feeds/heureka.yaml"
};
static const unsigned char heureka_availability[] = {
#embed "../../channels/feeds/heureka-availability.yaml"
};
static const unsigned char idealo[] = {
#embed "../../channels/feeds/idealo.yaml"
};
static const unsigned char image_sitemap[] = {
#embed "../../channels/feeds/image-sitemap.yaml"
};
static const unsigned char kelkoo[] = {
#embed "../../channels/feeds/kelkoo.yaml"
};
static const unsigned char meta[] = {
#embed "../../channels/feeds/meta.yaml"
};
static const unsigned char microsoft[] = {
#embed "../../channels/feeds/microsoft.yaml"
};
static const unsigned char openai[] = {
#embed "../../channels/feeds/openai.yaml"
};
static const unsigned char pinterest[] = {
#embed "../../channels/feeds/pinterest.yaml"
};
static const unsigned char shopify_csv[] = {
#embed "../../channels/feeds/shopify-csv.yaml"
};
static const unsigned char skroutz[] = {
#embed "../../channels/feeds/skroutz.yaml"
};
static const unsigned char tiktok[] = {
#embed "../../channels/feeds/tiktok.yaml"
};
static const unsigned char trovaprezzi[] = {
#embed "../../channels/feeds/trovaprezzi.yaml"
};
static const unsigned char yml[] = {
#embed "../../channels/feeds/yml.yaml"
};
static const unsigned char zbozi[] = {
#embed "../../channels/feeds/zbozi.yaml"
};
static const unsigned char bmecat_2005_xsd[] = {
#embed "../../channels/feeds/bmecat-2005.xsd"
};
static const unsigned char ceneo_xsd[] = {
#embed "../../channels/feeds/ceneo.xsd"
};
static const unsigned char ebay_mip_xsd[] = {
#embed "../../channels/feeds/ebay-mip.xsd"
};
static const unsigned char google_rss_xsd[] = {
#embed "../../channels/feeds/google-rss.xsd"
};
static const unsigned char heureka_xsd[] = {
#embed "../../channels/feeds/heureka.xsd"
};
static const unsigned char heureka_availability_xsd[] = {
#embed "../../channels/feeds/heureka-availability.xsd"
};
static const unsigned char image_sitemap_xsd[] = {
#embed "../../channels/feeds/image-sitemap.xsd"
};
static const unsigned char kelkoo_xsd[] = {
#embed "../../channels/feeds/kelkoo.xsd"
};
static const unsigned char skroutz_xsd[] = {
#embed "../../channels/feeds/skroutz.xsd"
};
static const unsigned char yml_xsd[] = {
#embed "../../channels/feeds/yml.xsd"
};
static const unsigned char zbozi_xsd[] = {
#embed "../../channels/feeds/zbozi.xsd"
};

#define ENTRY(name, bytes)                                                                                   \
    { name, bytes, sizeof bytes }

static const struct sluice_file formats[] = {
    ENTRY("amazon-json", amazon_json),
    ENTRY("awin", awin),
    ENTRY("billiger", billiger),
    ENTRY("bmecat-2005", bmecat_2005),
    ENTRY("ceneo", ceneo),
    ENTRY("criteo", criteo),
    ENTRY("ebay-mip", ebay_mip),
    ENTRY("google-atom", google_atom),
    ENTRY("google-rss", google_rss),
    ENTRY("google-tsv", google_tsv),
    ENTRY("heureka", heureka),
    ENTRY("heureka-availability", heureka_availability),
    ENTRY("idealo", idealo),
    ENTRY("image-sitemap", image_sitemap),
    ENTRY("kelkoo", kelkoo),
    ENTRY("meta", meta),
    ENTRY("microsoft", microsoft),
    ENTRY("openai", openai),
    ENTRY("pinterest", pinterest),
    ENTRY("shopify-csv", shopify_csv),
    ENTRY("skroutz", skroutz),
    ENTRY("tiktok", tiktok),
    ENTRY("trovaprezzi", trovaprezzi),
    ENTRY("yml", yml),
    ENTRY("zbozi", zbozi),
    {0, 0, 0},
};

static const struct sluice_file schemas[] = {
    ENTRY("bmecat-2005.xsd", bmecat_2005_xsd),
    ENTRY("ceneo.xsd", ceneo_xsd),
    ENTRY("ebay-mip.xsd", ebay_mip_xsd),
    ENTRY("google-rss.xsd", google_rss_xsd),
    ENTRY("heureka.xsd", heureka_xsd),
    ENTRY("heureka-availability.xsd", heureka_availability_xsd),
    ENTRY("image-sitemap.xsd", image_sitemap_xsd),
    ENTRY("kelkoo.xsd", kelkoo_xsd),
    ENTRY("skroutz.xsd", skroutz_xsd),
    ENTRY("yml.xsd", yml_xsd),
    ENTRY("zbozi.xsd", zbozi_xsd),
    {0, 0, 0},
};

const struct sluice_file *sluice_format(int index) { return formats[index].name ? &formats[index] : 0; }

const struct sluice_file *sluice_schema(int index) { return schemas[index].name ? &schemas[index] : 0; }
