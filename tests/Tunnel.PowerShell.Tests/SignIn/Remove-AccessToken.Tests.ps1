BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    . "$PSScriptRoot/TokenFile.ps1"
    $lab = Start-Lab
    $tokens = "$($lab.Folder)/tokens"
}

AfterAll { Stop-Lab $lab }

Describe 'Remove-AccessToken' {
    BeforeEach {
        New-TokenFile $tokens ssh.example.test (Get-Date).AddHours(1)
        Set-Content "$tokens/team.example.test-org-token" 'x'
    }

    It 'removes nothing with -WhatIf' {
        Remove-AccessToken ssh.example.test -Folder $tokens -WhatIf
        Get-AccessToken -Folder $tokens | Should -Not -BeNullOrEmpty
    }

    It 'forgets a token, and the team''s only when asked' {
        Get-AccessToken -Folder $tokens | Remove-AccessToken -Folder $tokens
        Get-AccessToken -Folder $tokens | Should -BeNullOrEmpty
        "$tokens/team.example.test-org-token" | Should -Exist
        New-TokenFile $tokens ssh.example.test (Get-Date).AddHours(1)
        Remove-AccessToken ssh* -Folder $tokens -IncludeTeam
        "$tokens/team.example.test-org-token" | Should -Not -Exist
    }

    It 'does nothing where there is none' {
        Remove-AccessToken ssh.example.test -Folder $tokens
        { Remove-AccessToken ssh.example.test -Folder $tokens -ErrorAction Stop } | Should -Not -Throw
    }
}
