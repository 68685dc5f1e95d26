#pragma once

#include "pipeline/act/dispatchform.h"

#include <QDialog>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace pilothouse {

/// What a workflow is started with: which one, on which branch, and its inputs by their types and
/// defaults. Where the files could not be read, any key and value can be typed. It sends nothing:
/// the confirmation comes after it.
class DispatchDialog final : public QDialog
{
    Q_OBJECT

public:
    /// `paths` are offered where `forms` could not be read. `branch` may be empty.
    DispatchDialog(const Result<QList<DispatchForm>> &forms, const QStringList &paths,
                   const QString &branch, QWidget *parent = nullptr);

    [[nodiscard]] DispatchWorkflow order() const;

Q_SIGNALS:
    void chosen(const pilothouse::DispatchWorkflow &order);

private:
    void showInputs();
    void addKnown(const DispatchInput &input);
    void addFree();
    void refresh();
    [[nodiscard]] DispatchForm form() const;

    QList<DispatchForm> m_forms;
    bool m_free; ///< the inputs are not known
    QComboBox *m_workflow;
    QLineEdit *m_ref;
    QWidget *m_inputs = nullptr;
    QFormLayout *m_rows = nullptr;
    QVBoxLayout *m_column;
    QLabel *m_problem;
    QPushButton *m_more;
    QPushButton *m_go;
};

} // namespace pilothouse
