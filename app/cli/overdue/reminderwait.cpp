#include "app/cli/overdue/reminderwait.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <algorithm>

namespace pilothouse {

void waitForReminders(Console &console, std::chrono::milliseconds patience)
{
    MigrationController &migrations = console.migrations();
    const auto answered = [&] {
        const QList<SourceState> sources = console.sources();
        const QList<ChangeKey> keys = migrations.keys();
        return !migrations.loading() && console.reminders().hasRead()
               && std::none_of(sources.begin(), sources.end(),
                               [](const SourceState &source) {
                                   return source.health == SourceState::Health::Loading;
                               })
               && std::all_of(keys.begin(), keys.end(), [&](const ChangeKey &key) {
                      const auto view = migrations.view(key);
                      return view && (view->error || (view->facts && view->readinessKnown));
                  });
    };
    QElapsedTimer waited;
    waited.start();
    do {
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    } while (!answered() && !waited.hasExpired(patience.count()));
}

} // namespace pilothouse
