#pragma once

#include "pipeline/act/concurrencygroups.h"
#include "pipeline/act/dispatchform.h"
#include "pipeline/runsource.h"

#include <QObject>

#include <chrono>
#include <optional>

namespace pilothouse {

/// The runs that a person looks at, whatever host they are of. GUI thread.
class ShownRuns : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// The one that the buttons are about.
    [[nodiscard]] virtual std::optional<Run> chosen() const = 0;
    [[nodiscard]] virtual QList<Run> runs() const = 0;
    /// Of the run's newest attempt, as far as they are read.
    [[nodiscard]] virtual QList<Job> jobs(const RunId &run) const = 0;
    /// Of `runs`; nothing before the first answer.
    [[nodiscard]] virtual std::optional<std::chrono::milliseconds> age() const = 0;
    /// The host's clock; invalid before the first answer.
    [[nodiscard]] virtual QDateTime serverNow() const = 0;
    virtual void refresh() = 0;

    /// What can be started by hand; nothing unless the host has that.
    [[nodiscard]] virtual QFuture<Result<QList<DispatchForm>>> dispatchForms();
    [[nodiscard]] virtual QStringList workflowPaths() const { return {}; }
    /// The file of any run of the host, as its commit has it; NotFound unless it is here.
    [[nodiscard]] virtual QFuture<Result<RunFile>> fileOf(const Run &run);

Q_SIGNALS:
    void changed();
};

} // namespace pilothouse
