#include "ui/widgets/icon.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <functional>

namespace pilothouse {
namespace {

void render(QPainter *painter, const QString &name, const QColor &color, const QRectF &rect)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    const bool opened = file.open(QIODevice::ReadOnly);
    Q_ASSERT_X(opened, "themedIcon", qPrintable(name));
    QByteArray svg = file.readAll();
    svg.replace("currentColor", color.name().toLatin1());
    QSvgRenderer(svg).render(painter, rect);
}

/// Asks for its colour at each painting, so that a change of theme needs no new icon.
class ThemedEngine final : public QIconEngine
{
public:
    ThemedEngine(QString name, std::function<QColor()> color)
        : m_name(std::move(name)), m_color(std::move(color))
    {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const QColor color
            = mode == QIcon::Disabled ? Theme::instance().color(ColorRole::Faint) : m_color();
        const qreal ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(rect, themedPixmap(m_name, color, rect.width(), ratio));
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State) override
    {
        const QColor color
            = mode == QIcon::Disabled ? Theme::instance().color(ColorRole::Faint) : m_color();
        return themedPixmap(m_name, color, size.width(), 1);
    }

    QIconEngine *clone() const override { return new ThemedEngine(m_name, m_color); }

private:
    QString m_name;
    std::function<QColor()> m_color;
};

} // namespace

QIcon themedIcon(const QString &name, ColorRole role)
{
    return QIcon(new ThemedEngine(name, [role] { return Theme::instance().color(role); }));
}

QIcon themedIcon(const QString &name, Tone tone)
{
    return QIcon(new ThemedEngine(name, [tone] { return Theme::instance().color(tone); }));
}

QPixmap themedPixmap(const QString &name, const QColor &color, int pixels, qreal devicePixelRatio)
{
    const QString key = QStringLiteral("pilothouse/%1/%2/%3/%4")
                            .arg(name, color.name())
                            .arg(pixels)
                            .arg(devicePixelRatio);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    pixmap = QPixmap(QSize(pixels, pixels) * devicePixelRatio);
    pixmap.setDevicePixelRatio(devicePixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    render(&painter, name, color, QRectF(0, 0, pixels, pixels));
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

} // namespace pilothouse
