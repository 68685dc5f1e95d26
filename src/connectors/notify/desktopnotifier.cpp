#include "connectors/notify/desktopnotifier.h"

#include "base/whendone.h"
#include "base/words.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QHash>
#include <QUuid>
#include <QtConcurrentRun>

namespace pilothouse {
namespace {

const QString notificationService = QStringLiteral("org.freedesktop.Notifications");
const QString notificationPath = QStringLiteral("/org/freedesktop/Notifications");
const QString defaultAction = QStringLiteral("default");
constexpr int answerWithinMilliseconds = 10'000;
constexpr int untilTheDesktopDecides = -1;

/// The levels of the freedesktop specification.
enum Urgency : uchar { NormalUrgency = 1, CriticalUrgency = 2 };

QDBusMessage called(const QString &method)
{
    return QDBusMessage::createMethodCall(notificationService, notificationPath,
                                          notificationService, method);
}

/// A connection of its own: its name lets it be given back.
QDBusConnection connectedTo(const QString &address, const QString &name)
{
    return address.isEmpty() ? QDBusConnection::connectToBus(QDBusConnection::SessionBus, name)
                             : QDBusConnection::connectToBus(address, name);
}

} // namespace

struct DesktopNotifier::Private
{
    enum class Bus { NotAsked, Asked, There };

    struct Shown
    {
        Notice notice;
        QString token; ///< given just before it is chosen
    };

    Settings settings;
    QString connectionName = QUuid::createUuid().toString(QUuid::WithoutBraces);
    Bus bus = Bus::NotAsked;
    bool bodyIsMarkup = false;
    bool saidLost = false;
    QList<Notice> waiting; ///< for the bus
    QHash<uint, Shown> shown;
    QHash<QString, uint> idOf; ///< by the notice's key
};

DesktopNotifier::DesktopNotifier(Settings settings, QObject *parent)
    : Notifier(parent), d(std::make_unique<Private>())
{
    d->settings = std::move(settings);
}

DesktopNotifier::~DesktopNotifier()
{
    QDBusConnection::disconnectFromBus(d->connectionName);
}

void DesktopNotifier::show(const Notice &notice)
{
    if (d->bus == Private::Bus::There)
        return send(notice);
    d->waiting.append(notice);
    if (std::exchange(d->bus, Private::Bus::Asked) == Private::Bus::Asked)
        return;
    whenDone(
        QtConcurrent::run(connectedTo, d->settings.busAddress, d->connectionName), this,
        [this](const QDBusConnection &) { begin(); },
        [this] {
            failed({ErrorKind::Unavailable, Words::tr("the bus gave no answer."), {}, {}});
        });
}

void DesktopNotifier::begin()
{
    QDBusConnection bus(d->connectionName);
    if (!bus.isConnected()) {
        d->bus = Private::Bus::NotAsked;
        const QString why = bus.lastError().message();
        QDBusConnection::disconnectFromBus(d->connectionName);
        return failed({ErrorKind::Unavailable,
                       Words::tr("this session has no message bus (D-Bus)."),
                       why,
                       {}});
    }
    // From whoever sends them: to name the service here would mean to wait for its owner's name.
    const auto listen = [&bus, this](const char *signal, const char *slot) {
        bus.connect({}, notificationPath, notificationService, QLatin1String(signal), this, slot);
    };
    listen("ActionInvoked", SLOT(actionInvoked(uint, QString)));
    listen("ActivationToken", SLOT(tokenGiven(uint, QString)));
    listen("NotificationClosed", SLOT(closed(uint, uint)));
    auto *asked = new QDBusPendingCallWatcher(
        bus.asyncCall(called(QStringLiteral("GetCapabilities")), answerWithinMilliseconds), this);
    connect(asked, &QDBusPendingCallWatcher::finished, this, [this, asked] {
        asked->deleteLater();
        const QDBusPendingReply<QStringList> can = *asked;
        // A service that does not say what it can is asked to show plain words.
        d->bus = Private::Bus::There;
        d->bodyIsMarkup = can.isValid() && can.value().contains(QLatin1String("body-markup"));
        for (const Notice &notice : std::exchange(d->waiting, {}))
            send(notice);
    });
}

void DesktopNotifier::send(const Notice &notice)
{
    QDBusMessage call = called(QStringLiteral("Notify"));
    const QVariantMap hints{
        {QStringLiteral("urgency"),
         QVariant::fromValue(uchar(notice.isUrgent() ? CriticalUrgency : NormalUrgency))},
        {QStringLiteral("desktop-entry"), QStringLiteral("pilothouse")},
    };
    call << d->settings.application << d->idOf.value(notice.key(), 0)
         << QStringLiteral("pilothouse") << notice.title
         << (d->bodyIsMarkup ? notice.text.toHtmlEscaped() : notice.text)
         << QStringList{defaultAction, Words::tr("Open")} << hints << untilTheDesktopDecides;
    auto *asked = new QDBusPendingCallWatcher(
        QDBusConnection(d->connectionName).asyncCall(call, answerWithinMilliseconds), this);
    connect(asked, &QDBusPendingCallWatcher::finished, this, [this, asked, notice] {
        asked->deleteLater();
        const QDBusPendingReply<uint> id = *asked;
        if (id.isValid())
            answered(notice, id.value());
        else
            failed({ErrorKind::Unavailable,
                    Words::tr("the desktop has no service that shows them."),
                    id.error().message(),
                    {}});
    });
}

void DesktopNotifier::answered(const Notice &notice, uint id)
{
    d->saidLost = false;
    d->idOf.insert(notice.key(), id);
    d->shown.insert(id, {notice, {}});
}

void DesktopNotifier::failed(const Error &error)
{
    d->waiting.clear();
    if (!std::exchange(d->saidLost, true))
        Q_EMIT lost(error);
}

void DesktopNotifier::actionInvoked(uint id, const QString &action)
{
    const auto found = d->shown.constFind(id);
    if (found == d->shown.cend() || action != defaultAction)
        return;
    const Private::Shown shown = *found;
    Q_EMIT chosen(shown.notice, shown.token);
}

void DesktopNotifier::tokenGiven(uint id, const QString &token)
{
    const auto found = d->shown.find(id);
    if (found != d->shown.end())
        found->token = token;
}

void DesktopNotifier::closed(uint id, uint)
{
    const auto found = d->shown.constFind(id);
    if (found == d->shown.cend())
        return;
    d->idOf.remove(found->notice.key());
    d->shown.erase(found);
}

} // namespace pilothouse
