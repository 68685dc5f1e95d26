#pragma once

#include "action/actionrunner.h"
#include "action/preview.h"

#include <QFuture>
#include <QObject>
#include <QPointer>

#include <functional>
#include <optional>

class QWidget;

namespace pilothouse {

class ConfirmationDialog;

/// One confirmation from its opening to its end: shows what the controller previews, hands over
/// what the person answered, and shows what came of it. Deletes itself when the dialog closes.
class ConfirmationFlow final : public QObject
{
    Q_OBJECT

public:
    /// nullopt = the action is no longer possible; the dialog then says so and closes on Cancel.
    using PreviewSource = std::function<std::optional<Preview>()>;
    using Act = std::function<QFuture<Outcome>(const Confirmation &)>;

    /// When the dialog goes away by itself: for a long run as soon as `markBegun` is called, so
    /// that the page can show its progress; else when all is done.
    enum class Close { WhenDone, WhenBegun };

    /// Opens the dialog over `window`; nullptr if there is nothing to confirm.
    static ConfirmationFlow *open(QWidget *window, PreviewSource preview, Act act,
                                  Close close = Close::WhenDone);

public Q_SLOTS:
    /// The effect has begun (the intent is written); only Close::WhenBegun listens.
    void markBegun();
    /// The world moved on: the dialog shows the new preview, the typed text stays.
    void refresh();

Q_SIGNALS:
    void ended(const pilothouse::Outcome &outcome);

private:
    ConfirmationFlow(QWidget *window, const Preview &first, PreviewSource preview, Act act,
                     Close close);
    void confirm(const Confirmation &confirmation);
    void settle(const Outcome &outcome);

    PreviewSource m_preview;
    Act m_act;
    QPointer<ConfirmationDialog> m_dialog;
    Close m_close;
    bool m_underWay = false;
};

} // namespace pilothouse
