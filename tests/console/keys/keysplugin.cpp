// A keyboard for the program itself: QT_QPA_GENERIC_PLUGINS loads it into any program of Qt, which
// knows nothing of it. Each line of standard input is one order, each answered by one line:
//   press KEY     presses and releases one key ("1", "Return") in the window that has the focus
//   type TEXT     the same with each letter
//   focus         the name of the widget that the keys go to; empty = none
//   text NAME     what the visible, enabled widget of this name says; empty = there is none

#include <QAbstractButton>
#include <QApplication>
#include <QGenericPlugin>
#include <QKeySequence>
#include <QLabel>
#include <QSocketNotifier>
#include <QTest>

#include <cstdio>
#include <memory>
#include <unistd.h>

namespace {

class Keyboard final : public QObject
{
    Q_OBJECT

public:
    /// The program has no event loop yet.
    Keyboard() { QMetaObject::invokeMethod(this, &Keyboard::listen, Qt::QueuedConnection); }

private:
    void listen()
    {
        m_input = std::make_unique<QSocketNotifier>(STDIN_FILENO, QSocketNotifier::Read);
        connect(m_input.get(), &QSocketNotifier::activated, this, &Keyboard::read);
    }

    void read()
    {
        char chunk[256];
        const auto size = ::read(STDIN_FILENO, chunk, sizeof chunk);
        if (size <= 0)
            return m_input->setEnabled(false);
        m_orders += QByteArray(chunk, size);
        for (auto end = m_orders.indexOf('\n'); end >= 0; end = m_orders.indexOf('\n')) {
            const QString order = QString::fromUtf8(m_orders.left(end));
            m_orders.remove(0, end + 1);
            const QString answer = follow(order.section(u' ', 0, 0), order.section(u' ', 1));
            std::printf("keys: %s\n", qPrintable(answer));
            std::fflush(stdout);
        }
    }

    static QString follow(const QString &order, const QString &what)
    {
        if (order == QLatin1String("text"))
            return textOf(what);
        if (order == QLatin1String("focus"))
            return QApplication::focusWidget() ? QApplication::focusWidget()->objectName()
                                               : QString();
        QWindow *window = QGuiApplication::focusWindow();
        if (!window)
            return QStringLiteral("no window");
        if (order == QLatin1String("press")) {
            QTest::keyClick(window, QKeySequence(what)[0].key());
            return QStringLiteral("pressed");
        }
        for (const QChar letter : what)
            QTest::keyClick(window, letter.toLatin1());
        return QStringLiteral("typed");
    }

    static QString textOf(const QString &name)
    {
        for (const QWidget *widget : QApplication::allWidgets()) {
            if (widget->objectName() != name || !widget->isVisible() || !widget->isEnabled())
                continue;
            if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
                return button->text();
            if (const auto *label = qobject_cast<const QLabel *>(widget))
                return label->text();
        }
        return {};
    }

    std::unique_ptr<QSocketNotifier> m_input;
    QByteArray m_orders;
};

class KeysPlugin final : public QGenericPlugin
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID QGenericPluginFactoryInterface_iid FILE "keys.json")

public:
    QObject *create(const QString &, const QString &) override { return new Keyboard; }
};

} // namespace

#include "keysplugin.moc"
