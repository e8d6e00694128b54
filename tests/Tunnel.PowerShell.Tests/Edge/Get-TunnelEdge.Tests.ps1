BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Get-TunnelEdge' {
    It 'lists the edges of this session' {
        Get-TunnelEdge | Should -Be $lab.Edge
    }

    It 'finds an edge by the wildcard of its folder' {
        Get-TunnelEdge "$($lab.Folder)/*" | Should -Be $lab.Edge
        Get-TunnelEdge /nowhere/* | Should -BeNullOrEmpty
    }
}
