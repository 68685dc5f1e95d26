#pragma once

#include "app/console/start/startlines.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace pilothouse {

class ShortenedLabel;

/// A StartLine on screen. Its button stays the same one whatever it does, and so keeps the
/// keyboard.
class StartRow final : public QWidget
{
    Q_OBJECT

public:
    /// `name` tells its parts' object names from those of other rows.
    explicit StartRow(const QString &name, QWidget *parent = nullptr);

    void setLine(const StartLine &line);

Q_SIGNALS:
    void pressed(StartLine::Act act, const QString &target);

private:
    void press();
    void showIcon();

    StartLine m_line;
    QLabel *m_icon;
    ShortenedLabel *m_headline;
    ShortenedLabel *m_sentence;
    QPushButton *m_button;
};

} // namespace pilothouse
