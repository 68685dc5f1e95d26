#pragma once

#include "ui/shell/parts.h"

#include <QStatusBar>

class QLabel;

namespace pilothouse {

struct Alert;
struct Record;
class GuardLabel;

/// The window's last line: what was done last, and whether a guard watches. A firing alert and what
/// a guard did stand over it for a while.
class Footer final : public QStatusBar
{
    Q_OBJECT

public:
    explicit Footer(const Parts &parts, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void showRecord(const Record &record);
    void showAlert(const Alert &alert);
    void showGuardActed(const QString &sentence);
    void dropEndedAlert();
    void refreshGuard();

    Parts m_parts;
    QLabel *m_last;
    GuardLabel *m_guard;
    QString m_shownAlert; ///< name of the alert over the line; empty when none is
};

} // namespace pilothouse
