#include "ui/widgets/theme.h"

#include "ui/widgets/flatstyle.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPalette>
#include <QToolTip>

/// A static library's resources are linked in only where this is named, outside any namespace.
static void initResources()
{
    Q_INIT_RESOURCE(resources);
}

namespace pilothouse {
namespace {

constexpr std::array<const char *, size_t(ColorRole::Count)> roleNames = {
    "window",     "surface",        "raised",         "border",
    "text",       "muted",          "faint",          "accent",
    "accentText", "selection",      "success",        "successSurface",
    "warning",    "warningSurface", "danger",         "dangerSurface",
    "info",       "infoSurface",    "waiting",        "waitingSurface",
    "production", "productionText", "rehearsal",      "rehearsalText",
    "other",      "otherText",      "seriesStable",   "seriesCandidate",
    "limit",      "mark",           "codeBackground", "codeText",
    "hit",        "hitText",
};

QString firstFamily(const QStringList &wanted, QFontDatabase::SystemFont otherwise)
{
    const QStringList have = QFontDatabase::families();
    for (const QString &family : wanted) {
        if (have.contains(family))
            return family;
    }
    return QFontDatabase::systemFont(otherwise).family();
}

QFont sized(const QString &family, int pixels)
{
    QFont font(family);
    font.setPixelSize(pixels);
    return font;
}

} // namespace

Theme &Theme::instance()
{
    static Theme theme;
    return theme;
}

Theme::Theme()
{
    initResources();
    load();
}

void Theme::apply(QApplication &application)
{
    m_application = &application;
    // Before our palette is set, the window colour is the desktop's own choice.
    m_systemDark = application.palette().color(QPalette::Window).lightness() < 128;
    application.setStyle(new FlatStyle);
    application.setFont(textFont());
    load();
}

void Theme::setScheme(Scheme scheme)
{
    m_scheme = scheme;
    load();
}

void Theme::load()
{
    m_dark = m_scheme == Scheme::Dark || (m_scheme == Scheme::System && m_systemDark);
    QFile file(m_dark ? QStringLiteral(":/themes/dark.json")
                      : QStringLiteral(":/themes/light.json"));
    const bool opened = file.open(QIODevice::ReadOnly);
    Q_ASSERT_X(opened, "Theme", "the theme is not among the resources");
    const QJsonObject values = QJsonDocument::fromJson(file.readAll()).object();
    for (size_t i = 0; i < roleNames.size(); ++i)
        m_colors[i] = QColor(values.value(QLatin1String(roleNames[i])).toString());
    if (!m_application)
        return;

    QPalette palette;
    const auto set = [&palette](QPalette::ColorRole role, const QColor &color) {
        palette.setColor(role, color);
    };
    set(QPalette::Window, color(ColorRole::Window));
    set(QPalette::WindowText, color(ColorRole::Text));
    set(QPalette::Base, color(ColorRole::Surface));
    set(QPalette::AlternateBase, color(ColorRole::Raised));
    set(QPalette::Text, color(ColorRole::Text));
    set(QPalette::PlaceholderText, color(ColorRole::Muted));
    set(QPalette::Button, color(ColorRole::Raised));
    set(QPalette::ButtonText, color(ColorRole::Text));
    set(QPalette::ToolTipBase, color(ColorRole::Raised));
    set(QPalette::ToolTipText, color(ColorRole::Text));
    set(QPalette::Highlight, color(ColorRole::Selection));
    set(QPalette::HighlightedText, color(ColorRole::Text));
    set(QPalette::Link, color(ColorRole::Accent));
    set(QPalette::Light, color(ColorRole::Raised));
    set(QPalette::Mid, color(ColorRole::Border));
    set(QPalette::Dark, color(ColorRole::Border));
    set(QPalette::Shadow, color(ColorRole::Border));
    for (const QPalette::ColorRole role :
         {QPalette::Text, QPalette::WindowText, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, color(ColorRole::Faint));
    m_application->setPalette(palette);
    QToolTip::setPalette(palette);
    Q_EMIT changed();
}

QColor Theme::color(Tone tone) const
{
    switch (tone) {
    case Tone::Neutral:
        return color(ColorRole::Muted);
    case Tone::Info:
        return color(ColorRole::Info);
    case Tone::Success:
        return color(ColorRole::Success);
    case Tone::Warning:
        return color(ColorRole::Warning);
    case Tone::Danger:
        return color(ColorRole::Danger);
    case Tone::Waiting:
        return color(ColorRole::Waiting);
    }
    return color(ColorRole::Text);
}

QColor Theme::surface(Tone tone) const
{
    switch (tone) {
    case Tone::Neutral:
        return color(ColorRole::Raised);
    case Tone::Info:
        return color(ColorRole::InfoSurface);
    case Tone::Success:
        return color(ColorRole::SuccessSurface);
    case Tone::Warning:
        return color(ColorRole::WarningSurface);
    case Tone::Danger:
        return color(ColorRole::DangerSurface);
    case Tone::Waiting:
        return color(ColorRole::WaitingSurface);
    }
    return color(ColorRole::Surface);
}

QFont Theme::textFont() const
{
    static const QString family
        = firstFamily({QStringLiteral("Inter"), QStringLiteral("Inter Display"),
                       QStringLiteral("Noto Sans"), QStringLiteral("DejaVu Sans")},
                      QFontDatabase::GeneralFont);
    return sized(family, 13);
}

QFont Theme::codeFont() const
{
    static const QString family
        = firstFamily({QStringLiteral("JetBrains Mono"), QStringLiteral("DejaVu Sans Mono")},
                      QFontDatabase::FixedFont);
    QFont font = sized(family, 12);
    font.setStyleHint(QFont::Monospace);
    font.setFixedPitch(true);
    return font;
}

QFont Theme::smallFont() const
{
    QFont font = textFont();
    font.setPixelSize(11);
    return font;
}

QFont Theme::titleFont() const
{
    QFont font = textFont();
    font.setPixelSize(15);
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace pilothouse
