#pragma once

#include "base/future.h"
#include "logs/logcontroller.h"
#include "migration/overdue/reminders.h"
#include "release/compare/showndiff.h"
#include "release/oncall/night.h"
#include "ui/shell/mainwindow.h"

#include <QPushButton>
#include <QTemporaryDir>

namespace pilothouse {

/// What a database shows of changes that are not over.
class FakeTraces final : public TraceSource
{
public:
    [[nodiscard]] QString place() const override { return QStringLiteral("context-production"); }
    [[nodiscard]] QFuture<Result<Traces>> traces() override { return ready<Traces>(answer); }
    [[nodiscard]] QFuture<Result<void>> keep(const QStringList &statements) override
    {
        kept << statements;
        return ready<void>({});
    }

    Result<Traces> answer = Traces{};
    QStringList kept;
};

/// The real window, of a chosen size and on a chosen page, over the world of a night.
struct NightRoom
{
    NightRoom(const QSize &size, Pages::Page page, const RolloutSettings &each = settings())
        : night(folder.filePath(QStringLiteral("k.json")), each)
    {
        Parts parts{{EnvironmentMark::Kind::Rehearsal, QStringLiteral("rehearsal")},
                    QStringLiteral("Shop"),
                    false,
                    night.clock,
                    night.journal,
                    night.actions,
                    night.release,
                    diff,
                    sources,
                    night.pipeline,
                    logs,
                    podLogs,
                    night.migrations,
                    *night.onCall,
                    {night.standalone.rollout.get(), night.coditect.rollout.get()},
                    {}};
        parts.reminders = &reminders;
        reminders.addDatabase(QStringLiteral("context"), traces);
        window = std::make_unique<MainWindow>(parts);
        window->resize(size);
        window->showPage(page);
        window->show();
    }

    QTemporaryDir folder;
    Night night;
    CompareSources sources{night.repository, night.repository, night.repository, {}};
    ShownDiff diff{night.release, sources};
    LogController logs{{}, folder.path(), night.clock};
    LogController podLogs{{}, folder.path(), night.clock};
    FakeTraces traces;
    Reminders reminders{{}, night.migrations, night.actions};
    std::unique_ptr<MainWindow> window;
};

/// What of a button cannot be seen; empty = nothing.
inline QString cutOf(const QPushButton &button)
{
    const QRegion seen = button.visibleRegion();
    return seen.boundingRect() == button.rect() && seen.rectCount() == 1
               ? QString()
               : QStringLiteral("%1: %2 px of %3 are in view")
                     .arg(button.objectName())
                     .arg(seen.boundingRect().height())
                     .arg(button.height());
}

} // namespace pilothouse
