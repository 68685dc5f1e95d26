#include "ui/frame/firstpaint.h"

#include <QEvent>
#include <QLoggingCategory>
#include <QTimer>
#include <QWidget>

namespace pilothouse {
namespace {

Q_LOGGING_CATEGORY(start, "pilothouse.start", QtWarningMsg)

class FirstPaint final : public QObject
{
public:
    FirstPaint(QWidget &widget, QString words) : QObject(&widget), m_words(std::move(words))
    {
        widget.installEventFilter(this);
    }

private:
    bool eventFilter(QObject *widget, QEvent *event) override
    {
        if (event->type() == QEvent::Paint) {
            widget->removeEventFilter(this);
            QTimer::singleShot(0, this, [this] {
                qCInfo(start).noquote() << m_words;
                deleteLater();
            });
        }
        return false;
    }

    QString m_words;
};

} // namespace

void tellStart(const QString &words)
{
    qCInfo(start).noquote() << words;
}

void tellFirstPaint(QWidget &widget, const QString &words)
{
    if (start().isInfoEnabled())
        new FirstPaint(widget, words);
}

} // namespace pilothouse
