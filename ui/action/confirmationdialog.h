#pragma once

#include "action/preview.h"
#include "ui/widgets/theme.h"

#include <QDialog>

#include <vector>

class QCheckBox;
class QDialogButtonBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace pilothouse {

class CodeView;
class EnvironmentBand;

/// The one frame in which every dangerous action is confirmed.
///
/// Where something must be typed, the field has the focus; until its text matches (case and outer
/// spaces do not count) no button is default and Enter does nothing; then the action button is
/// default. Where nothing is typed, Cancel is default. Esc always cancels. A required reason keeps
/// the action off while it is empty. An option is a box among the lines, behind the fields in the
/// order of Tab: what a person left it at stays whatever the world does.
class ConfirmationDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit ConfirmationDialog(const Preview &preview, QWidget *parent = nullptr);

    /// The world moved on: shows the new preview, marks the lines that changed, and where there is
    /// a target says whether it is still the same. What was typed stays.
    void setPreview(const Preview &preview);
    [[nodiscard]] const Preview &preview() const { return m_preview; }

    /// A sentence above the buttons: a conflict, a refusal, "written, waiting until accepted".
    void setNotice(Tone tone, const QString &text);
    /// While the effect runs nothing can be pressed twice.
    void setUnderWay(bool underWay);

Q_SIGNALS:
    /// The action button was pressed with everything as it must be. The dialog stays open until the
    /// owner closes it.
    void confirmed(const pilothouse::Confirmation &confirmation);

private:
    /// One row. Kept from filling to filling: a label that is made anew stays hidden until the next
    /// turn of the event loop, and loses what was selected in it.
    struct Line
    {
        QLabel *label;
        QLabel *icon;
        QLabel *text;

        void setVisible(bool visible) const;
    };

    [[nodiscard]] const Line &lineAt(size_t number);
    void fillRows();
    void placeOption(QGridLayout &grid, int row, bool labelled);
    void tellOption();
    void fillCalls();
    void fillCopyForms();
    void updateButtons();
    void press();
    [[nodiscard]] bool complete() const;

    Preview m_preview;
    QList<PreviewRow> m_atFirst; ///< what was shown at the opening: the rest is marked
    bool m_underWay = false;
    EnvironmentBand *m_band;
    QWidget *m_rows;
    std::vector<Line> m_lines; ///< children of m_rows; more than are shown, at times
    QLabel *m_optionLabel;
    QLabel *m_optionIcon;
    QWidget *m_optionLine; ///< the box, and what it means
    QCheckBox *m_option;
    QLabel *m_optionWords;
    CodeView *m_calls;
    QLabel *m_prompt;
    QLineEdit *m_typed;
    QLabel *m_reasonPrompt;
    QLineEdit *m_reason;
    QLabel *m_notice;
    QLabel *m_hint;
    QDialogButtonBox *m_buttons;
    QPushButton *m_copy;
    QPushButton *m_action;
    QPushButton *m_cancel;
};

} // namespace pilothouse
