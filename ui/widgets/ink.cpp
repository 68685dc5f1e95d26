#include "ui/widgets/ink.h"

#include <QWidget>

#include <variant>

namespace pilothouse {
namespace {

using Meaning = std::variant<ColorRole, Tone>;

/// A widget's child that keeps what its colour means.
class Ink final : public QObject
{
public:
    explicit Ink(QWidget *widget) : QObject(widget), m_widget(widget)
    {
        connect(&Theme::instance(), &Theme::changed, this, &Ink::apply);
    }

    void set(const Meaning &meaning)
    {
        m_meaning = meaning;
        apply();
    }

private:
    void apply()
    {
        QPalette palette = m_widget->palette();
        palette.setColor(
            QPalette::WindowText,
            std::visit([](auto meaning) { return Theme::instance().color(meaning); }, m_meaning));
        m_widget->setPalette(palette);
    }

    QWidget *m_widget;
    Meaning m_meaning = ColorRole::Text;
};

void setMeaning(QWidget *widget, const Meaning &meaning)
{
    for (QObject *child : widget->children()) {
        if (auto *ink = dynamic_cast<Ink *>(child))
            return ink->set(meaning);
    }
    (new Ink(widget))->set(meaning);
}

} // namespace

void setInk(QWidget *widget, ColorRole role)
{
    setMeaning(widget, role);
}

void setInk(QWidget *widget, Tone tone)
{
    setMeaning(widget, tone);
}

} // namespace pilothouse
