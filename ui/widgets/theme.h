#pragma once

#include <QColor>
#include <QFont>
#include <QObject>

#include <array>

class QApplication;

namespace pilothouse {

/// What a colour says. Status is never colour alone: an icon and a word go with it.
enum class Tone { Neutral, Info, Success, Warning, Danger, Waiting };

/// A colour by its meaning, as the files in resources/themes name it.
enum class ColorRole {
    Window,
    Surface,
    Raised,
    Border,
    Text,
    Muted,
    Faint,
    Accent,
    AccentText,
    Selection,
    Success,
    SuccessSurface,
    Warning,
    WarningSurface,
    Danger,
    DangerSurface,
    Info,
    InfoSurface,
    Waiting,
    WaitingSurface,
    Production,
    ProductionText,
    Rehearsal,
    RehearsalText,
    Other,
    OtherText,
    SeriesStable,
    SeriesCandidate,
    Limit,
    Mark,
    CodeBackground,
    CodeText,
    Hit,
    HitText,
    Count,
};

/// The program's look: Fusion with an own palette, light or dark. One for the whole program,
/// because a palette is one for the whole program. GUI thread.
class Theme final : public QObject
{
    Q_OBJECT

public:
    enum class Scheme { System, Light, Dark };

    [[nodiscard]] static Theme &instance();

    /// Sets style, palette and fonts of the application, now and at each change.
    void apply(QApplication &application);

    void setScheme(Scheme scheme);
    [[nodiscard]] Scheme scheme() const { return m_scheme; }
    [[nodiscard]] bool isDark() const { return m_dark; }

    [[nodiscard]] QColor color(ColorRole role) const { return m_colors[size_t(role)]; }
    /// The text colour of a tone, and the surface that it may stand on.
    [[nodiscard]] QColor color(Tone tone) const;
    [[nodiscard]] QColor surface(Tone tone) const;

    /// Text in Inter, code in JetBrains Mono; the system's own where they are missing.
    [[nodiscard]] QFont textFont() const;
    [[nodiscard]] QFont codeFont() const;
    [[nodiscard]] QFont smallFont() const;
    [[nodiscard]] QFont titleFont() const;

Q_SIGNALS:
    void changed();

private:
    Theme();
    void load();

    Scheme m_scheme = Scheme::System;
    bool m_dark = false;
    bool m_systemDark = false;
    QApplication *m_application = nullptr;
    std::array<QColor, size_t(ColorRole::Count)> m_colors;
};

} // namespace pilothouse
